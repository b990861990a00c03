// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.benchmarks.programs;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Opens one connection, asks one question, and ends. */
public final class FirstConnection {
    private FirstConnection() {}

    public static void main(String[] args) throws SQLException {
        try (Connection connection = DriverManager.getConnection(args[0]);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select 1")) {
            row.next();
            System.out.println(row.getInt(1));
        }
    }
}
