// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.leaks;

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

/** A service whose borrows are all accounted for costs its database nothing; one that leaks is looked into. */
final class QuietIT {
    private static final String WORK = """
            SELECT xact_commit + xact_rollback || ' transactions, ' || sessions || ' sessions'
              FROM pg_stat_database WHERE datname = '%s'""".formatted(SHOP);

    private static final String FLUSH = "SELECT pg_stat_force_next_flush()";

    @Test
    void nothing_is_asked_of_a_server_until_a_borrow_is_suspect() throws SQLException {
        // Autovacuum's transactions would be counted, too; and ours, so we look from another database.
        try (PostgresServer server =
                        PostgresServers.plan().with("autovacuum", "off").start();
                Shop shop = Shop.open(
                        server,
                        ServiceJvm.plan().agent("app=quiet,leak.after=500ms,patrol.interval=100ms"),
                        5,
                        0,
                        ServiceJvm.DEADLINE)) {
            server.requireAtLeast(15);
            int held = shop.held("held");
            int returned = shop.forgotten("returned");
            shop.execute("returned", FLUSH);
            shop.giveBack("returned");
            shop.execute("held", FLUSH);
            shop.service().backends();
            try (Connection onlooker = server.connect("postgres", server.superuser(), server.superuserPassword());
                    Statement statement = onlooker.createStatement()) {
                await().pollDelay(Duration.ofMillis(500))
                        .atMost(ServiceJvm.DEADLINE)
                        .until(() -> look(statement).equals(look(statement)));
                String before = look(statement);
                await().during(Duration.ofSeconds(2))
                        .atMost(ServiceJvm.DEADLINE)
                        .untilAsserted(() -> assertThat(look(statement)).isEqualTo(before));

                assertThat(shop.forgotten("forgotten")).isEqualTo(returned).isNotEqualTo(held);
                shop.service().awaitStderr(" WARN " + returned + "@.* is leaked: it was borrowed ");
                await().atMost(ServiceJvm.DEADLINE)
                        .untilAsserted(() -> assertThat(look(statement)).isNotEqualTo(before));
            }
        }
    }

    private static String look(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery(WORK)) {
            row.next();
            return row.getString(1);
        }
    }
}
