// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.start;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A program that asks PostgreSQL for one thing and ends with a status of its own. Arguments: URL, user, password. */
final class Visitor {
    static final int STATUS = 7;

    private Visitor() {}

    public static void main(String[] arguments) throws SQLException {
        try (Connection connection = DriverManager.getConnection(arguments[0], arguments[1], arguments[2]);
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT split_part(current_setting('application_name'), '@', 1)")) {
            while (rows.next()) {
                System.out.println("name " + rows.getString(1));
            }
        }
        System.exit(STATUS);
    }
}
