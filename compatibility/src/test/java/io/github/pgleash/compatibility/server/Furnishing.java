// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.server;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Puts roles and databases into a server. Never drops one: a given server may be somebody's. */
record Furnishing(Address address) {
    void role(String role, String password, String attributes) {
        try (Connection connection = DriverManager.getConnection(address.toString());
                Statement statement = connection.createStatement()) {
            if (isMissing(statement, "SELECT FROM pg_roles WHERE rolname = '%s'".formatted(role))) {
                statement.execute("CREATE ROLE \"%s\"".formatted(role));
            }
            statement.execute("ALTER ROLE \"%s\" LOGIN PASSWORD '%s' %s".formatted(role, password, attributes));
        } catch (SQLException failed) {
            throw new IllegalStateException("could not make the role " + role, failed);
        }
    }

    void database(String database, String owner) {
        try (Connection connection = DriverManager.getConnection(address.toString());
                Statement statement = connection.createStatement()) {
            if (isMissing(statement, "SELECT FROM pg_database WHERE datname = '%s'".formatted(database))) {
                statement.execute("CREATE DATABASE \"%s\" OWNER \"%s\"".formatted(database, owner));
            }
        } catch (SQLException failed) {
            throw new IllegalStateException("could not make the database " + database, failed);
        }
    }

    private static boolean isMissing(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            return !rows.next();
        }
    }
}
