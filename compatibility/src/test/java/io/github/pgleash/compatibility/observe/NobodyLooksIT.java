// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.observe;

import static io.github.pgleash.compatibility.server.PostgresServer.SHOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The agent costs a server nothing while nobody looks. */
final class NobodyLooksIT {
    private static final String WORK = """
            SELECT xact_commit + xact_rollback || ' transactions, ' || sessions || ' sessions'
              FROM pg_stat_database WHERE datname = '%s'""".formatted(SHOP);

    @Test
    void nothing_is_asked_of_a_server_while_nobody_looks() throws SQLException {
        // Autovacuum's transactions would be counted, too; and ours, so we look from another database.
        try (PostgresServer server =
                        PostgresServers.plan().with("autovacuum", "off").start();
                ServiceJvm service = ServiceJvm.plan()
                        .agent("app=unseen,patrol.interval=100ms")
                        .start()) {
            server.requireAtLeast(15);
            Sessions sessions = Sessions.of(service, server);
            sessions.idleInTransaction("orders");
            sessions.idle("stock");
            sessions.query("stock", "SELECT pg_stat_force_next_flush()");
            service.backends();
            try (Connection onlooker = server.connect("postgres", server.superuser(), server.superuserPassword());
                    Statement statement = onlooker.createStatement()) {
                await().pollDelay(Duration.ofMillis(500))
                        .atMost(ServiceJvm.DEADLINE)
                        .until(() -> look(statement, WORK).equals(look(statement, WORK)));
                String before = look(statement, WORK);
                await().during(Duration.ofSeconds(3))
                        .atMost(Duration.ofSeconds(10))
                        .untilAsserted(() -> {
                            assertThat(look(statement, WORK)).isEqualTo(before);
                            assertThat(look(statement, control())).isEqualTo("0");
                        });

                service.backends().refresh();
                await().atMost(ServiceJvm.DEADLINE)
                        .untilAsserted(() -> assertThat(look(statement, WORK)).isNotEqualTo(before));
            }
        }
    }

    private static String control() {
        return "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'pgleash of %'";
    }

    private static String look(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
