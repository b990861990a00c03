// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.exit;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A program that comes to the end of its main while a daemon of it still runs a statement for a minute. */
final class EndOfMain {
    private EndOfMain() {}

    /** Arguments: URL, user, password. Prints the pid of the daemon's backend. */
    public static void main(String[] arguments) throws SQLException {
        Connection connection = DriverManager.getConnection(arguments[0], arguments[1], arguments[2]);
        int pid = pid(connection);
        Thread daemon = new Thread(() -> run(connection), "report");
        daemon.setDaemon(true);
        daemon.start();
        awaitActive(pid, arguments);
        System.out.println("pid " + pid);
    }

    private static int pid(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return row.getInt(1);
        }
    }

    private static void run(Connection connection) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(Exits.SLEEP);
        } catch (SQLException cancelled) {
            System.out.println(cancelled.getMessage());
        }
    }

    private static void awaitActive(int pid, String[] arguments) throws SQLException {
        try (Connection second = DriverManager.getConnection(arguments[0], arguments[1], arguments[2]);
                PreparedStatement look = second.prepareStatement(
                        "SELECT 1 FROM pg_stat_activity WHERE pid = ? AND query LIKE '%sleep%' AND state = 'active'")) {
            look.setInt(1, pid);
            boolean active = false;
            while (!active) {
                try (ResultSet row = look.executeQuery()) {
                    active = row.next();
                }
            }
        }
    }
}
