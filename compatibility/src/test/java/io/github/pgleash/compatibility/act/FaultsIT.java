// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.act;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.pgleash.compatibility.observe.Sessions;
import io.github.pgleash.compatibility.server.OwnProcess;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.server.Shutdown;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.compatibility.wire.WireTap;
import io.github.pgleash.jmx.Backend;
import io.github.pgleash.jmx.BackendsMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Servers that die and networks that break: nothing hangs, nothing is left behind, and all is well afterwards. */
final class FaultsIT {
    private static final int FAULTS = 100;
    /** Twice the login and an answer that do not come, and what a busy machine adds. */
    private static final long LONGEST_SECONDS = 45;
    /** Attributes come from memory; this is for a busy machine. */
    private static final long AT_ONCE_SECONDS = 4;

    private final ExecutorService callers = Executors.newCachedThreadPool();

    @AfterEach
    void endCallers() {
        callers.shutdownNow();
    }

    @Test
    void a_hundred_faults_leave_no_thread_and_no_session_behind() throws Exception {
        try (PostgresServer server = PostgresServers.plan().start();
                WireTap tap = WireTap.before(server);
                ServiceJvm service = ServiceJvm.plan()
                        .agent("app=faulty,patrol.interval=200ms")
                        .start()) {
            OwnProcess process = server.requireOwnProcess();
            Sessions sessions = new Sessions(service, tap.url(), APP, SECRET);
            sessions.idle("orders");
            BackendsMXBean bean = service.backends();
            bean.refresh();
            Set<String> before = threads(service);
            for (int i = 0; i < FAULTS; i++) {
                Future<String> look = callers.submit(bean::refresh);
                switch (i % 5) {
                    case 0 -> tap.cut();
                    case 1 -> tap.halfClose();
                    case 2 -> {
                        tap.stall();
                        readAll(bean);
                        tap.resume();
                    }
                    case 3 ->
                        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                                + " WHERE application_name LIKE '%faulty@%'");
                    default -> {
                        if (i % 25 == 4) {
                            process.stop(i % 50 == 4 ? Shutdown.IMMEDIATE : Shutdown.FAST);
                            readAll(bean);
                            process.start();
                        } else {
                            tap.stall();
                            tap.cut();
                            tap.resume();
                        }
                    }
                }
                look.get(LONGEST_SECONDS, TimeUnit.SECONDS);
                sessions.idle("orders");
            }
            await().atMost(ServiceJvm.DEADLINE).untilAsserted(() -> {
                bean.refresh();
                assertThat(bean.getProblems()).isEmpty();
                assertThat(bean.getBackends()).extracting(Backend::state).contains("idle");
            });
            await().atMost(ServiceJvm.DEADLINE)
                    .untilAsserted(() -> assertThat(threads(service)).isSubsetOf(before));
            // The patrol closes what nobody uses; what it lost would stay.
            await().atMost(ServiceJvm.DEADLINE)
                    .untilAsserted(() -> assertThat(controls(server)).isEmpty());
        }
    }

    @Test
    void while_a_network_swallows_everything_attributes_answer_the_application_works_and_operations_end()
            throws Exception {
        PostgresServer server = PostgresServers.shared();
        try (WireTap tap = WireTap.before(server);
                ServiceJvm service = ServiceJvm.plan().agent("app=swallowed").start()) {
            int behind = new Sessions(service, tap.url(), APP, SECRET).idle("behind");
            Sessions aside = Sessions.of(service, server);
            aside.idle("aside");
            BackendsMXBean bean = service.backends();
            bean.refresh();
            tap.stall();
            List<Future<?>> operations = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                operations.add(callers.submit(bean::refresh));
            }
            operations.add(callers.submit(bean::table));
            operations.add(callers.submit(() -> bean.explain(Integer.toString(behind))));
            operations.add(callers.submit(() -> bean.cancel(Integer.toString(behind))));
            for (int i = 0; i < 10; i++) {
                readAll(bean);
                assertThat(aside.query("aside", "SELECT 1")).isEqualTo("1");
            }
            long began = System.nanoTime();
            for (Future<?> operation : operations) {
                operation.get(
                        LONGEST_SECONDS - TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began), TimeUnit.SECONDS);
            }
            assertThat(bean.getProblems())
                    .anySatisfy(problem -> assertThat(problem).contains("app@" + tap.host() + ":" + tap.port()));
            tap.resume();
            await().atMost(ServiceJvm.DEADLINE).untilAsserted(() -> {
                bean.refresh();
                assertThat(bean.getProblems()).isEmpty();
                assertThat(bean.getBackends()).extracting(Backend::state).containsExactly("idle", "idle");
            });
            await().atMost(ServiceJvm.DEADLINE)
                    .untilAsserted(() -> assertThat(threads(service)).containsExactly("pgleash"));
            assertThat(bean.terminate(Integer.toString(behind)).outcome()).isEqualTo("GONE");
        }
    }

    private void readAll(BackendsMXBean bean) throws Exception {
        Future<?> reading = callers.submit(() -> {
            bean.getBackends();
            bean.getTable();
            bean.getServers();
            bean.getProblems();
            bean.getReceipts();
            bean.getConnections();
            bean.getLeaked();
            bean.getSnapshotAgeMillis();
        });
        reading.get(AT_ONCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Those of ours, and of the driver's that work for us. */
    private static Set<String> threads(ServiceJvm service) {
        String names = service.ask(stage -> {
            Set<String> all = new TreeSet<>();
            Thread.getAllStackTraces().keySet().forEach(thread -> all.add(thread.getName()));
            return String.join("\n", all);
        });
        Set<String> ours = new TreeSet<>(Arrays.asList(names.split("\n", -1)));
        ours.removeIf(name -> !name.startsWith("pgleash") && !name.startsWith("PostgreSQL JDBC driver"));
        return ours;
    }

    private static List<@Nullable String> controls(PostgresServer server) {
        return server.column("SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'pgleash of %'");
    }
}
