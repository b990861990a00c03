// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.act;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static io.github.pgleash.compatibility.server.PostgresServer.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.compatibility.observe.Onlooker;
import io.github.pgleash.compatibility.observe.Sessions;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.jmx.BackendsObjectName;
import io.github.pgleash.jmx.Receipt;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import javax.management.openmbean.CompositeData;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** Thousands of tries over JMX to hit what is not this JVM's own, or what is, with an id that does not mean it. */
final class StrangersIT {
    private static final int TRIES = 5_000;
    private static final String[] STRING = {String.class.getName()};

    /** All of a session that a signal would change. */
    private static final String TRACES = """
            SELECT concat_ws(' ', pid, backend_start, state, xact_start, query_start, state_change, backend_xid)
              FROM pg_stat_activity WHERE pid = ANY (?::int[]) ORDER BY pid""";

    private final long seed = Long.getLong("pgleash.test.seed", System.nanoTime());
    private final PostgresServer server = PostgresServers.shared();
    private final Onlooker onlooker = new Onlooker(server);
    private final ServiceJvm service = ServiceJvm.plan().agent("app=ours").start();
    private final List<Connection> connections = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void close() throws SQLException {
        service.close();
        for (Connection stranger : connections) {
            server.look("SELECT pg_terminate_backend(?)", pid(stranger));
            stranger.close();
        }
        threads.shutdown();
    }

    @Test
    void nothing_but_what_was_surely_meant_is_ever_signalled() throws Exception {
        System.out.println("StrangersIT: -Dpgleash.test.seed=" + seed);
        List<Integer> own = ownSessions();
        List<Integer> strangers = strangers();
        List<Integer> all = Stream.concat(own.stream(), strangers.stream()).toList();
        List<Integer> others = new ArrayList<>(strangers);
        server.column("SELECT pid FROM pg_stat_activity WHERE datname IS NULL")
                .forEach(pid -> others.add(Integer.valueOf(String.valueOf(pid))));
        others.add(Integer.valueOf(server.look("SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)")));
        List<Long> starts = strangers.stream().map(onlooker::start).toList();
        List<@Nullable String> before = traces(all);
        assertThat(before).hasSize(all.size());

        HostileIds ids = new HostileIds(new Random(seed), own, others, server.host() + ":" + server.port(), starts);
        for (int i = 0; i < TRIES; i++) {
            @Nullable String id = ids.next();
            CompositeData receipt = (CompositeData) service.jmx()
                    .invoke(
                            BackendsObjectName.BACKENDS,
                            i % 2 == 0 ? "terminate" : "cancel",
                            new @Nullable Object[] {id},
                            STRING);
            assertThat(receipt.get("outcome")).as(() -> id + ": " + receipt).isEqualTo("REFUSED");
        }

        assertThat(traces(all)).isEqualTo(before);
        assertThat(service.backends().getRefused()).isEqualTo(TRIES);
        assertThat(service.backends().getProblems()).isEmpty();
        assertThat(service.backends().getConnections()).isEqualTo(own.size());
        assertThat(service.backends().getReceipts())
                .extracting(Receipt::backend)
                .allSatisfy(shown -> assertThat(shown).hasSizeLessThan(1_000).doesNotContain("\n"));
        assertThat(service.stderr())
                .allSatisfy(line -> assertThat(line).startsWith("pgleash ").hasSizeLessThan(3_000));
    }

    private List<Integer> ownSessions() {
        Sessions sessions = Sessions.of(service, server);
        int active = sessions.active("active", "SELECT pg_sleep(300)");
        onlooker.await(active, "active");
        return List.of(sessions.idle("idle"), sessions.idleInTransaction("in transaction"), active);
    }

    /** Twenty: of our role and of others, idle, in a transaction with an id, and active. */
    private List<Integer> strangers() throws SQLException {
        server.createRole("neighbour", SECRET, "");
        for (int i = 0; i < 20; i++) {
            connections.add(
                    i % 4 == 3 ? server.connect() : server.connect(SHOP, i % 4 == 2 ? "neighbour" : APP, SECRET));
        }
        List<Integer> pids = new ArrayList<>();
        for (int i = 0; i < connections.size(); i++) {
            Connection stranger = connections.get(i);
            pids.add(pid(stranger));
            if (i % 3 == 1) {
                stranger.setAutoCommit(false);
                execute(stranger, "SELECT txid_current()");
            } else if (i % 3 == 2) {
                threads.execute(() -> sleep(stranger));
                onlooker.await(pid(stranger), "active");
            }
        }
        return pids;
    }

    private List<@Nullable String> traces(List<Integer> pids) {
        return server.column(TRACES, pids.toString().replace('[', '{').replace(']', '}'));
    }

    private static int pid(Connection connection) throws SQLException {
        return connection.unwrap(PGConnection.class).getBackendPID();
    }

    private static void sleep(Connection connection) {
        try {
            execute(connection, "SELECT pg_sleep(300)");
        } catch (SQLException ended) {
            // At the end of the test; before it, the traces would tell.
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
