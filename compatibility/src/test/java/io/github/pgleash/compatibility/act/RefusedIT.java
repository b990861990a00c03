// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.act;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static io.github.pgleash.compatibility.server.PostgresServer.SHOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.pgleash.compatibility.observe.Onlooker;
import io.github.pgleash.compatibility.observe.Sessions;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.jmx.Receipt;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** What is not surely the backend that was meant is left alone, and the refusal says why. */
final class RefusedIT {
    private final PostgresServer server = PostgresServers.shared();
    private final Onlooker onlooker = new Onlooker(server);
    private final ServiceJvm service = ServiceJvm.plan().agent("app=refusing").start();
    private final Sessions sessions = Sessions.of(service, server);
    private final int own = sessions.idle("own");

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void a_stranger_of_the_same_role_and_database() throws SQLException {
        try (Connection stranger = server.connect(SHOP, APP, SECRET)) {
            int pid = stranger.unwrap(PGConnection.class).getBackendPID();
            for (String id : List.of(Integer.toString(pid), onlooker.shortId(pid), onlooker.id(pid))) {
                assertRefused(id, "no backend of this JVM");
            }
            assertThat(stranger.isValid(5)).isTrue();
        }
    }

    @Test
    void a_live_pid_with_another_start_before_and_after_the_first_look() {
        String id = onlooker.id(own);
        String stale = onlooker.shortId(own) + "#" + (onlooker.start(own) - 1);
        assertRefused(stale, "has ended");
        service.backends().refresh();
        assertRefused(stale, "has ended");
        assertThat(onlooker.sees(id)).isTrue();
    }

    @Test
    void our_pid_at_another_server() {
        assertRefused(own + "@elsewhere:5432", "no backend of this JVM");
    }

    @Test
    void a_parallel_worker_and_says_whose_it_is() {
        server.requireAtLeast(13);
        int leader = sessions.idle("leader");
        String force = server.version() >= 16 ? "debug_parallel_query" : "force_parallel_mode";
        sessions.execute("leader", "CREATE TABLE IF NOT EXISTS heap AS SELECT g FROM generate_series(1, 1000) g");
        sessions.execute("leader", "SET " + force + " = on; SET max_parallel_workers_per_gather = 1");
        sessions.execute("leader", """
                CREATE OR REPLACE FUNCTION slow(int) RETURNS int LANGUAGE plpgsql PARALLEL SAFE
                AS 'BEGIN PERFORM pg_sleep(300); RETURN 1; END'""");
        sessions.start("leader", "SELECT slow(g) FROM heap");
        String worker = await().atMost(ServiceJvm.DEADLINE)
                .until(
                        () -> server.column(
                                "SELECT pid FROM pg_stat_activity WHERE backend_type = 'parallel worker'"
                                        + " AND leader_pid = ?",
                                leader),
                        workers -> workers.size() == 1)
                .get(0);
        assertRefused(String.valueOf(worker), "parallel worker of pid " + leader);
        assertThat(onlooker.state(leader)).isEqualTo("active");
        assertThat(service.backends().cancel(Integer.toString(leader)).outcome())
                .isEqualTo("CANCELLED");
    }

    @Test
    void our_own_control_connection() {
        service.backends().refresh();
        String control =
                server.look("SELECT pid FROM pg_stat_activity WHERE application_name LIKE ?", "pgleash of refusing@%");
        assertRefused(control, "control connection");
        assertRefused(onlooker.id(Integer.parseInt(control)), "control connection");
    }

    @Test
    void the_postmaster_and_the_servers_own_processes() {
        for (String pid : server.column("SELECT pid FROM pg_stat_activity WHERE datname IS NULL")) {
            assertRefused(String.valueOf(pid), "no backend of this JVM");
        }
        assertRefused(server.look("SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)"), "there is none");
    }

    @Test
    void a_bare_pid_that_backends_on_two_servers_have() throws IOException {
        // Two servers on one machine never share a pid; a liar between makes it look so.
        try (Meddler liar = Meddler.before(server)) {
            liar.pretend(own);
            int behind = new Sessions(service, liar.url(), APP, SECRET).idle("behind the liar");
            String id = onlooker.id(own);
            assertRefused(Integer.toString(own), "on several servers", onlooker.shortId(own));
            assertRefused(Integer.toString(behind), "no backend of this JVM");
            assertThat(service.backends().terminate(onlooker.shortId(own)).outcome())
                    .isEqualTo("GONE");
            assertThat(onlooker.sees(id)).isFalse();
            assertThat(onlooker.state(behind)).isEqualTo("idle");
        }
    }

    private void assertRefused(String id, String... why) {
        for (Receipt receipt :
                List.of(service.backends().cancel(id), service.backends().terminate(id))) {
            assertThat(receipt.outcome()).as(receipt.toString()).isEqualTo("REFUSED");
            assertThat(receipt.reason()).contains(why);
            assertThat(receipt.rung()).isEqualTo("none");
        }
    }
}
