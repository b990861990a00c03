// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.benchmarks;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** The PostgreSQL of the comparison: one of its own, for the time of the run. */
final class TestServer implements AutoCloseable {
    private final EmbeddedPostgres postgres;

    private TestServer(EmbeddedPostgres postgres) {
        this.postgres = postgres;
    }

    static TestServer start(int connections) throws IOException {
        return new TestServer(EmbeddedPostgres.builder()
                .setServerConfig("max_connections", Integer.toString(connections))
                .setServerConfig("shared_buffers", "64MB")
                .setServerConfig("fsync", "off")
                .setServerConfig("synchronous_commit", "off")
                .setServerConfig("autovacuum", "off")
                .setPGStartupWait(Duration.ofSeconds(60))
                .start());
    }

    int port() {
        return postgres.getPort();
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/postgres?user=postgres";
    }

    /** A connection that no agent knows. */
    Connection connect() throws SQLException {
        return DriverManager.getConnection(url() + "&ApplicationName=benchmarks");
    }

    long number(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
