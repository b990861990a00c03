// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.worlds;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** The application of a trial. Runs in the service; knows nothing but JDBC. */
final class Till {
    private Till() {}

    static int count(DataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            return pid(connection);
        }
    }

    /** Leaves the connection to nobody, in the middle of a transaction. */
    static int forget(DataSource pool) throws SQLException {
        Connection forgotten = pool.getConnection();
        forgotten.setAutoCommit(false);
        return pid(forgotten);
    }

    private static int pid(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return row.getInt(1);
        }
    }
}
