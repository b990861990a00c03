// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.poolers;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.pgleash.compatibility.observe.Onlooker;
import io.github.pgleash.compatibility.observe.Sessions;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ScriptFailed;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.compatibility.wire.WireTap;
import io.github.pgleash.jmx.Backend;
import io.github.pgleash.jmx.Receipt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pgpool-II tells the backend's own pid, and takes its end for that of the server: nothing is ended through it. */
final class PgpoolIT {
    private final PostgresServer server = PostgresServers.shared();
    private final Onlooker onlooker = new Onlooker(server);
    private final Pooler pgpool = Pooler.pgpool(server);

    @AfterEach
    void close() {
        pgpool.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "past pgpool"})
    void terminate_is_refused_and_no_node_is_lost(String way) {
        String option = way.isEmpty() ? "" : ",control.url=" + server.url();
        try (ServiceJvm service =
                ServiceJvm.plan().agent("app=replicated" + option).start()) {
            Sessions sessions = new Sessions(service, pgpool.url(), APP, SECRET);
            int idle = sessions.idleInTransaction("idle in transaction");
            int active = sessions.active("active", "SELECT pg_sleep(60)");
            onlooker.await(active, "active");
            assertThat(service.backends().refresh()).contains("through Pgpool-II");
            assertThat(service.backends().getProblems()).isEmpty();
            for (int pid : new int[] {idle, active}) {
                Receipt receipt = service.backends().terminate(Integer.toString(pid));
                assertThat(receipt.outcome()).as(receipt.toString()).isEqualTo("REFUSED");
                assertThat(receipt.reason()).contains("Pgpool-II");
                assertThat(receipt.rung()).isEqualTo("none");
            }
            assertThat(service.backends().terminateIdleInTransaction(1, false)).isEmpty();
            assertThat(onlooker.state(idle)).isEqualTo("idle in transaction");
            assertThat(onlooker.state(active)).isEqualTo("active");
            assertThat(pgpool.log()).doesNotContain("failover", "degenerate");
        }
    }

    @Test
    void a_statement_is_cancelled_by_its_own_driver() {
        try (ServiceJvm service = ServiceJvm.plan().agent("app=replicated").start()) {
            Sessions sessions = new Sessions(service, pgpool.url(), APP, SECRET);
            int active = sessions.idle("active");
            var running = sessions.start("active", "SELECT pg_sleep(60)");
            onlooker.await(active, "active");
            Receipt receipt = service.backends().cancel(Integer.toString(active));
            assertThat(receipt.outcome()).as(receipt.toString()).isEqualTo("CANCELLED");
            assertThat(receipt.rung()).isEqualTo("local");
            await().atMost(ServiceJvm.DEADLINE).until(running::isDone);
            assertThat(onlooker.state(active)).isEqualTo("idle");
            assertThat(sessions.query("active", "SELECT 1")).isEqualTo("1");
        } catch (ScriptFailed cancelled) {
            throw new AssertionError("the session did not live on", cancelled);
        }
    }

    /** What tells Pgpool-II is an error to PostgreSQL, and would stand in its log each time. */
    @Test
    void where_nothing_is_between_nobody_asks_for_it() {
        try (PostgresServer own = PostgresServers.plan().start();
                WireTap tap = WireTap.before(own)) {
            assertThat(rollbacksOfALook(own, own.url())).isZero();
            assertThat(rollbacksOfALook(own, tap.url())).isEqualTo(1);
        }
    }

    /** Sessions tell their statistics when they end. */
    private static int rollbacksOfALook(PostgresServer server, String url) {
        int before = rollbacks(server);
        try (ServiceJvm service = ServiceJvm.plan().agent("app=plain").start()) {
            new Sessions(service, url, APP, SECRET).idle("orders");
            service.backends().refresh();
            assertThat(service.backends().getProblems()).isEmpty();
            assertThat(service.backends().getBackends())
                    .extracting(Backend::state)
                    .containsExactly("idle");
        }
        await().atMost(ServiceJvm.DEADLINE)
                .until(() -> server.column("SELECT pid FROM pg_stat_activity WHERE application_name LIKE '%plain@%'")
                        .isEmpty());
        return rollbacks(server) - before;
    }

    private static int rollbacks(PostgresServer server) {
        return Integer.parseInt(server.look("SELECT xact_rollback FROM pg_stat_database WHERE datname = 'shop'"));
    }
}
