// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.leaks;

import static io.github.pgleash.compatibility.server.PostgresServer.SHOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.compatibility.service.ServicePlan;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A service that is well costs its database nothing, with all clean-up switched on: the server counts the transactions
 * of the application, and not one more. {@code -Dpgleash.test.healthy=120} watches for so many seconds; there is a round at
 * least each second, and there are at least a hundred.
 */
final class HealthyDayIT {
    private static final int SECONDS = Integer.getInteger("pgleash.test.healthy", 5);
    private static final Duration INTERVAL = Duration.ofMillis(Math.min(1_000, SECONDS * 1_000L / 100));

    @Test
    void the_server_counts_no_statement_and_no_session_but_the_applications(@TempDir Path folder) throws SQLException {
        Rulebook book =
                Rulebook.in(folder, "rule.all.action = terminate", "rule.all.victims = all", "rule.all.after = 0");
        String options = "app=healthy,action=terminate,active.after=20s,blocked.after=20s,rules=" + book.file()
                + ",patrol.interval=" + INTERVAL.toMillis() + "ms";
        // HikariCP asks a connection that was unused for half a second whether it is alive, which is a transaction.
        ServicePlan plan = ServiceJvm.plan()
                .systemProperty("com.zaxxer.hikari.aliveBypassWindowMs", "3600000")
                .agent(options);
        try (PostgresServer server =
                        PostgresServers.plan().with("autovacuum", "off").start();
                Shop shop = Shop.open(server, plan, 1, 1, ServiceJvm.DEADLINE);
                Connection onlooker = server.connect("postgres", server.superuser(), server.superuserPassword());
                Statement statement = onlooker.createStatement()) {
            server.requireAtLeast(15);
            // It does so every two minutes, too.
            shop.service()
                    .run(stage -> stage.get(Shop.POOL, HikariDataSource.class).setKeepaliveTime(0));
            shop.bean(); // the patrol is at work
            book.awaitInForce(shop, "all, default");
            shop.working("warm-up");
            int unused = shop.worked("warm-up");
            flush(shop);
            settle(statement);
            long transactions = number(statement, "xact_commit + xact_rollback");
            long sessions = number(statement, "sessions");

            shop.working("orders");
            await().pollDelay(Duration.ofSeconds(SECONDS))
                    .atMost(Duration.ofSeconds(SECONDS + 30L))
                    .until(() -> true);
            int worked = shop.worked("orders");
            flush(shop);
            // Each loan one transaction, and one more for the flush.
            await().atMost(ServiceJvm.DEADLINE)
                    .untilAsserted(() -> assertThat(number(statement, "xact_commit + xact_rollback") - transactions)
                            .isEqualTo(worked + 1L));
            assertThat(number(statement, "sessions")).isEqualTo(sessions);
            assertThat(shop.service().backends().getReceipts()).isEmpty();
            System.out.println("healthy for " + SECONDS + " s with a patrol each " + INTERVAL.toMillis() + " ms: "
                    + worked + " transactions of the application, 0 of pgleash");
        }
    }

    /** Backends count for themselves, and tell the server when asked to, if a table was read: not for the rest alone. */
    private static void flush(Shop shop) {
        shop.service().run(stage -> {
            try (Connection connection = stage.get(Shop.POOL, DataSource.class).getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("SELECT pg_stat_force_next_flush(), count(*) FROM pg_class");
            }
        });
    }

    private static void settle(Statement statement) {
        await().pollDelay(Duration.ofMillis(1_500))
                .pollInterval(Duration.ofMillis(1_500))
                .atMost(ServiceJvm.DEADLINE)
                .until(() -> {
                    long before = number(statement, "xact_commit");
                    return before == number(statement, "xact_commit");
                });
    }

    private static long number(Statement statement, String column) throws SQLException {
        try (ResultSet row =
                statement.executeQuery("SELECT " + column + " FROM pg_stat_database WHERE datname = '" + SHOP + "'")) {
            row.next();
            return row.getLong(1);
        }
    }
}
