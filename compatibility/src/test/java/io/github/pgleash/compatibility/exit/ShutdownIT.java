// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.exit;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.compatibility.Drivers;
import io.github.pgleash.compatibility.observe.Onlooker;
import io.github.pgleash.compatibility.observe.Sessions;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ProgramJvm;
import io.github.pgleash.compatibility.service.ServiceJvm;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What runs on the server when the JVM exits ends with it, and what the application is about to end it ends itself. */
final class ShutdownIT {
    private static final Duration SOON = Duration.ofSeconds(2);
    private static final String CANCELLED = "cancel \\d+@.* by shutdown: CANCELLED";

    private final PostgresServer server = PostgresServers.shared();
    private final Onlooker onlooker = new Onlooker(server);

    @Test
    void without_the_agent_a_statement_runs_on_after_sigterm() {
        try (ServiceJvm service = ServiceJvm.plan().start()) {
            int pid = sleeper(service, "report");
            service.terminate();
            Awaitility.await()
                    .during(SOON)
                    .atMost(ServiceJvm.DEADLINE)
                    .until(() -> onlooker.state(pid).equals("active"));
            server.look("SELECT pg_terminate_backend(?)", pid);
        }
    }

    @Test
    void a_statement_that_runs_is_gone_from_the_server_two_seconds_after_sigterm() {
        try (ServiceJvm service = ServiceJvm.plan().agent("app=ends").start()) {
            int pid = sleeper(service, "report");
            int second = sleeper(service, "second report");
            long began = System.nanoTime();
            assertThat(service.terminate()).isEqualTo(143);
            assertGone(pid, began);
            assertGone(second, began);
            assertThat(service.stderr())
                    .filteredOn(line -> line.matches(".*" + CANCELLED + ".*"))
                    .hasSize(2);
            assertThat(service.stderr()).anyMatch(line -> line.contains("cancel " + pid + "@"));
        }
    }

    @Test
    void and_so_it_is_after_system_exit() {
        try (ServiceJvm service = ServiceJvm.plan().agent("app=ends").start()) {
            int pid = sleeper(service, "report");
            long began = System.nanoTime();
            assertThat(service.exit()).isZero();
            assertGone(pid, began);
        }
    }

    /** Within the first second of the agent: its work at exit has not been put together by then. */
    @Test
    void and_so_it_is_at_the_end_of_main() {
        String classes = Path.of(EndOfMain.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .toString();
        String path = String.join(
                File.pathSeparator,
                classes,
                Drivers.jar(Drivers.ALL.get(Drivers.ALL.size() - 1)).toString());
        long began = System.nanoTime();
        try (ProgramJvm program = ProgramJvm.start(
                List.of(
                        ProgramJvm.agent("app=ends"),
                        "-cp",
                        path,
                        EndOfMain.class.getName(),
                        server.url(),
                        APP,
                        SECRET),
                Map.of())) {
            int pid = Integer.parseInt(program.awaitStdout("pid \\d+").substring("pid ".length()));
            onlooker.await(pid, Onlooker.GONE);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(ServiceJvm.DEADLINE);
            assertThat(program.awaitExit()).isZero();
            assertThat(program.stderr())
                    .anyMatch(line -> line.matches(".*cancel " + pid + "@.* by shutdown: CANCELLED.*"));
        }
    }

    @ParameterizedTest
    @MethodSource("oldAndNew")
    void each_driver_tells_what_runs_and_lets_it_be_cancelled(String version) {
        String url = server.url();
        String jar = Drivers.jar(version).toString();
        try (ServiceJvm service = ServiceJvm.plan().agent("app=ends").start()) {
            service.run(stage -> {
                stage.driver("driver", Path.of(jar));
                stage.openWith("driver", "orders", url, APP, SECRET);
                stage.openWith("driver", "idle", url, APP, SECRET);
                stage.openWith("driver", "open", url, APP, SECRET);
                stage.connection("open").setAutoCommit(false);
            });
            Sessions sessions = Sessions.of(service, server);
            int pid = Integer.parseInt(sessions.query("orders", "SELECT pg_backend_pid()"));
            int idle = Integer.parseInt(sessions.query("idle", "SELECT pg_backend_pid()"));
            int open = Integer.parseInt(sessions.query("open", "SELECT pg_backend_pid()"));
            sessions.start("orders", Exits.SLEEP);
            onlooker.await(pid, "active");
            service.terminate();
            onlooker.await(pid, Onlooker.GONE);
            onlooker.await(idle, Onlooker.GONE);
            onlooker.await(open, Onlooker.GONE);
            assertThat(service.stderr())
                    .filteredOn(line -> line.contains(" by shutdown: "))
                    .singleElement()
                    .asString()
                    .contains("cancel " + pid + "@")
                    .contains("CANCELLED");
        }
    }

    static List<String> oldAndNew() {
        return List.of(Drivers.ALL.get(0), "42.5.6", "42.6.2", Drivers.ALL.get(Drivers.ALL.size() - 1));
    }

    @Test
    void a_hook_of_the_applications_own_is_not_cut_off() {
        try (ServiceJvm service =
                ServiceJvm.plan().agent("app=drains,shutdown.wait=5s").start()) {
            Exits.hookThatWorks(service, server.url(), 1.2);
            int pid = sleeper(service, "report");
            service.terminate();
            assertThat(service.stdout()).contains("hook: done");
            onlooker.await(pid, Onlooker.GONE);
        }
    }

    @Test
    void a_hook_that_takes_longer_than_shutdown_wait_is_not_waited_for() {
        try (ServiceJvm service =
                ServiceJvm.plan().agent("app=drains,shutdown.wait=500ms").start()) {
            int pid = Exits.hookThatDrains(service, "report", server.url());
            onlooker.await(pid, "active");
            long began = System.nanoTime();
            service.terminate();
            assertThat(service.stdout())
                    .anyMatch(line -> line.startsWith("hook: ") && line.contains("canceling statement"));
            assertThat(System.nanoTime() - began)
                    .isLessThan(Duration.ofSeconds(10).toNanos());
            onlooker.await(pid, Onlooker.GONE);
        }
    }

    @Test
    void a_statement_that_the_pool_cuts_off_when_it_is_closed_is_cancelled_before() {
        try (ServiceJvm service =
                ServiceJvm.plan().agent("app=cuts,shutdown.wait=5s").start()) {
            Exits.poolThatIsClosed(service, server.url(), server.url());
            int pid = Exits.lentSleeper(service, "lent");
            onlooker.await(pid, "active");
            service.terminate();
            assertThat(service.stdout()).contains("pool closed");
            onlooker.await(pid, Onlooker.GONE);
            assertThat(service.stderr())
                    .filteredOn(line -> line.contains(" by shutdown: "))
                    .hasSize(1)
                    .allMatch(line -> line.contains("cancel " + pid + "@") && line.contains(": CANCELLED"));
        }
    }

    @Test
    void with_shutdown_off_nothing_is_done() {
        try (ServiceJvm service = ServiceJvm.plan().agent("shutdown=off").start()) {
            int pid = sleeper(service, "report");
            service.terminate();
            assertThat(onlooker.state(pid)).isEqualTo("active");
            assertThat(service.stderr()).isEmpty();
            server.look("SELECT pg_terminate_backend(?)", pid);
        }
    }

    @Test
    void nothing_is_said_when_all_is_closed_or_idle() {
        try (ServiceJvm service = ServiceJvm.plan().agent("app=calm").start()) {
            Sessions sessions = Sessions.of(service, server);
            sessions.idle("closed");
            sessions.close("closed");
            int idle = sessions.idle("idle");
            int open = sessions.idleInTransaction("open");
            assertThat(service.terminate()).isEqualTo(143);
            assertThat(service.stderr()).isEmpty();
            onlooker.await(idle, Onlooker.GONE);
            onlooker.await(open, Onlooker.GONE);
        }
    }

    @Test
    void leaks_are_told_with_the_place_where_they_were_borrowed() {
        String url = server.url();
        try (ServiceJvm service =
                ServiceJvm.plan().agent("app=leaky,leak.after=1ms").start()) {
            for (int i = 0; i < 25; i++) {
                service.start(
                                "clerk " + i,
                                stage -> stage.open(Thread.currentThread().getName(), url, APP, SECRET)
                                        .isClosed())
                        .join();
            }
            Awaitility.await()
                    .atMost(ServiceJvm.DEADLINE)
                    .until(() -> service.ask(stage -> Thread.getAllStackTraces().keySet().stream()
                                    .anyMatch(thread -> thread.getName().startsWith("clerk")))
                            .equals("false"));
            service.terminate();
            assertThat(service.stderr())
                    .filteredOn(line -> line.contains("was still leaked at exit"))
                    .hasSize(20)
                    .allSatisfy(line -> assertThat(line).contains(" by clerk ").contains("Stage.open(Stage.java:"));
            assertThat(service.stderr()).anyMatch(line -> line.endsWith("5 more were"));
        }
    }

    @Test
    void whoever_only_listens_is_not_cancelled() {
        String url = server.url();
        try (ServiceJvm service = ServiceJvm.plan().agent("app=listens").start()) {
            service.start("listener", stage -> {
                stage.open("news", url, APP, SECRET);
                stage.execute("news", "LISTEN news");
                return stage.connection("news")
                        .unwrap(org.postgresql.PGConnection.class)
                        .getNotifications(60_000)
                        .length;
            });
            Awaitility.await()
                    .atMost(ServiceJvm.DEADLINE)
                    .until(() -> service.ask(stage -> Thread.getAllStackTraces().values().stream()
                                    .flatMap(java.util.Arrays::stream)
                                    .anyMatch(frame -> frame.getMethodName().equals("processNotifies")))
                            .equals("true"));
            service.terminate();
            assertThat(service.stderr()).isEmpty();
        }
    }

    private int sleeper(ServiceJvm service, String name) {
        int pid = Exits.sleeper(service, name, server.url());
        onlooker.await(pid, "active");
        return pid;
    }

    private void assertGone(int pid, long beganNanos) {
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .atMost(ServiceJvm.DEADLINE)
                .until(() -> onlooker.state(pid).equals(Onlooker.GONE));
        assertThat(Duration.ofNanos(System.nanoTime() - beganNanos)).isLessThan(SOON);
    }
}
