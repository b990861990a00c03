// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.act;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static io.github.pgleash.compatibility.server.PostgresServer.SHOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.pgleash.compatibility.observe.Onlooker;
import io.github.pgleash.compatibility.observe.Sessions;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.jmx.Receipt;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** Terminating many ends exactly those that fit, and with a dry run none. */
final class BulkIT {
    private static final Duration LONG = Duration.ofMillis(2_100);

    private final PostgresServer server = PostgresServers.shared();
    private final Onlooker onlooker = new Onlooker(server);
    private final ServiceJvm service = ServiceJvm.plan().agent("app=many").start();
    private final Sessions sessions = Sessions.of(service, server);

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void those_idle_in_transaction_for_long_and_no_others() throws SQLException {
        try (Connection stranger = server.connect(SHOP, APP, SECRET);
                Statement statement = stranger.createStatement()) {
            int strangers = stranger.unwrap(PGConnection.class).getBackendPID();
            stranger.setAutoCommit(false);
            statement.execute("SELECT 1");
            int waiting = sessions.idleInTransaction("waiting");
            int aborted = sessions.aborted("aborted");
            int idle = sessions.idle("idle");
            int active = sessions.active("active", "SELECT pg_sleep(300)");
            onlooker.await(active, "active");
            for (int pid : List.of(strangers, waiting, aborted, idle, active)) {
                onlooker.awaitAge(pid, LONG);
            }
            int fresh = sessions.idleInTransaction("fresh");
            String[] doomed = {onlooker.id(waiting), onlooker.id(aborted)};

            Receipt[] dry = service.backends().terminateIdleInTransaction(2, true);
            assertThat(dry).extracting(Receipt::outcome).containsOnly("DRY_RUN");
            assertThat(dry).extracting(Receipt::backend).containsExactlyInAnyOrder(doomed);
            assertThat(onlooker.state(waiting)).isEqualTo("idle in transaction");
            assertThat(onlooker.state(aborted)).isEqualTo("idle in transaction (aborted)");

            // Used again: its age begins anew, so that the time the dry run took does not count.
            sessions.execute("fresh", "SELECT 1");
            Receipt[] wet = service.backends().terminateIdleInTransaction(2, false);
            assertThat(wet).extracting(Receipt::outcome).containsOnly("GONE");
            assertThat(wet).extracting(Receipt::backend).containsExactlyInAnyOrder(doomed);
            assertThat(List.of(waiting, aborted, idle, active, fresh, strangers))
                    .extracting(onlooker::state)
                    .containsExactly(
                            Onlooker.GONE,
                            Onlooker.GONE,
                            "idle",
                            "active",
                            "idle in transaction",
                            "idle in transaction");
        }
    }

    @Test
    void those_whose_statement_runs_for_long_and_no_others() {
        int running = sessions.active("running", "SELECT pg_sleep(300)");
        int inTransaction = sessions.idleInTransaction("in transaction");
        int idle = sessions.idle("idle");
        onlooker.await(running, "active");
        for (int pid : List.of(running, inTransaction, idle)) {
            onlooker.awaitAge(pid, LONG);
        }
        String id = onlooker.id(running);

        assertThat(service.backends().terminateActive(2, true))
                .extracting(Receipt::outcome)
                .containsExactly("DRY_RUN");
        assertThat(onlooker.state(running)).isEqualTo("active");
        assertThat(service.backends().terminateActive(3_600, false)).isEmpty();

        assertThat(service.backends().terminateActive(2, false))
                .extracting(Receipt::backend, Receipt::outcome)
                .containsExactly(tuple(id, "GONE"));
        assertThat(List.of(running, inTransaction, idle))
                .extracting(onlooker::state)
                .containsExactly(Onlooker.GONE, "idle in transaction", "idle");
    }
}
