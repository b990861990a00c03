// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.exit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.compatibility.observe.Onlooker;
import io.github.pgleash.compatibility.server.OwnProcess;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.compatibility.wire.WireTap;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Whatever hangs or goes wrong at the exit, the JVM exits in time. */
final class HardExitIT {
    /** The wait, the limit behind it, and a slow machine. */
    private static final Duration IN_TIME = Duration.ofSeconds(8);

    @Test
    void a_backend_that_hangs_does_not_hold_it_up_and_is_told_as_it_is() {
        PostgresServer server = PostgresServers.shared();
        OwnProcess process = server.requireOwnProcess();
        Onlooker onlooker = new Onlooker(server);
        try (ServiceJvm service = ServiceJvm.plan().agent("app=ends").start()) {
            int pid = Exits.sleeper(service, "report", server.url());
            onlooker.await(pid, "active");
            process.freeze(pid);
            try {
                assertExitsInTime(service);
            } finally {
                process.thaw(pid);
            }
            assertThat(service.stderr())
                    .anyMatch(line -> line.contains("cancel " + pid) && line.contains("STILL_THERE"));
            onlooker.await(pid, Onlooker.GONE);
        }
    }

    @Test
    void a_server_that_hangs_does_not_hold_it_up() {
        try (PostgresServer server = PostgresServers.plan().start();
                ServiceJvm service = ServiceJvm.plan().agent("app=ends").start()) {
            OwnProcess process = server.requireOwnProcess();
            int pid = Exits.sleeper(service, "report", server.url());
            new Onlooker(server).await(pid, "active");
            long postmaster = ProcessHandle.of(pid)
                    .flatMap(ProcessHandle::parent)
                    .orElseThrow()
                    .pid();
            process.freeze(pid);
            process.freeze(postmaster);
            try {
                assertExitsInTime(service);
            } finally {
                process.thaw(postmaster);
                process.thaw(pid);
            }
        }
    }

    @Test
    void a_network_that_swallows_does_not_hold_it_up() {
        PostgresServer server = PostgresServers.shared();
        try (WireTap tap = WireTap.before(server);
                ServiceJvm service = ServiceJvm.plan().agent("app=ends").start()) {
            int pid = Exits.sleeper(service, "report", tap.url());
            new Onlooker(server).await(pid, "active");
            tap.stall();
            assertExitsInTime(service);
            server.look("SELECT pg_terminate_backend(?)", pid);
        }
    }

    @Test
    void many_statements_that_a_pool_cuts_off_on_such_a_network_do_not_hold_it_up_one_after_the_other() {
        PostgresServer server = PostgresServers.shared();
        Onlooker onlooker = new Onlooker(server);
        try (WireTap tap = WireTap.before(server);
                ServiceJvm service = ServiceJvm.plan().agent("app=cuts").start()) {
            Exits.poolThatIsClosed(service, tap.url(), server.url());
            int[] pids = new int[8];
            for (int i = 0; i < pids.length; i++) {
                pids[i] = Exits.lentSleeper(service, "lent " + i);
                onlooker.await(pids[i], "active");
            }
            tap.stall();
            assertExitsInTime(service);
            for (int pid : pids) {
                server.look("SELECT pg_terminate_backend(?)", pid);
            }
            assertThat(service.stdout()).contains("pool closed");
            assertThat(service.stderr())
                    .filteredOn(line -> line.contains(": STILL_THERE"))
                    .hasSize(pids.length);
        }
    }

    @Test
    void a_server_that_is_gone_does_not_hold_it_up() {
        try (PostgresServer server = PostgresServers.plan().start();
                ServiceJvm service = ServiceJvm.plan().agent("app=ends").start()) {
            int pid = Exits.sleeper(service, "report", server.url());
            new Onlooker(server).await(pid, "active");
            server.requireOwnProcess().stop(io.github.pgleash.compatibility.server.Shutdown.IMMEDIATE);
            assertExitsInTime(service);
        }
    }

    @Test
    void an_exit_called_in_a_hook_hangs_java_itself_and_the_statement_ends_all_the_same() {
        PostgresServer server = PostgresServers.shared();
        Onlooker onlooker = new Onlooker(server);
        try (ServiceJvm bare = ServiceJvm.plan().start();
                ServiceJvm service = ServiceJvm.plan().agent("app=ends").start()) {
            Exits.hookThatExits(bare);
            Exits.hookThatExits(service);
            int pid = Exits.sleeper(service, "report", server.url());
            onlooker.await(pid, "active");
            ProcessHandle.of(bare.pid()).orElseThrow().destroy();
            ProcessHandle.of(service.pid()).orElseThrow().destroy();
            onlooker.await(pid, Onlooker.GONE);
            Awaitility.await().during(Duration.ofSeconds(1)).until(bare::isAlive);
            bare.kill();
            service.kill();
        }
    }

    @Test
    void two_agents_are_one() {
        PostgresServer server = PostgresServers.shared();
        Onlooker onlooker = new Onlooker(server);
        try (ServiceJvm service =
                ServiceJvm.plan().agent("app=one").agent("app=two").start()) {
            int pid = Exits.sleeper(service, "report", server.url());
            onlooker.await(pid, "active");
            assertExitsInTime(service);
            onlooker.await(pid, Onlooker.GONE);
            assertThat(service.stderr())
                    .filteredOn(line -> line.contains(" by shutdown: "))
                    .hasSize(1);
        }
    }

    @Test
    void an_exit_while_connections_are_being_opened_is_an_exit() {
        PostgresServer server = PostgresServers.shared();
        String url = server.url();
        try (ServiceJvm service = ServiceJvm.plan().agent("app=early").start()) {
            for (int i = 0; i < 8; i++) {
                String name = "opener " + i;
                service.start(name, stage -> {
                    while (true) {
                        stage.open(name, url, PostgresServer.APP, PostgresServer.SECRET)
                                .close();
                    }
                });
            }
            long began = System.nanoTime();
            assertThat(service.exit()).isZero();
            assertThat(System.nanoTime() - began).isLessThan(IN_TIME.toNanos());
            assertThat(service.stderr()).noneMatch(line -> line.contains("pgleash:"));
        }
    }

    @Test
    void an_exit_while_an_operation_runs_is_an_exit() {
        PostgresServer server = PostgresServers.shared();
        OwnProcess process = server.requireOwnProcess();
        Onlooker onlooker = new Onlooker(server);
        try (ServiceJvm service = ServiceJvm.plan().agent("app=busy").start()) {
            int pid = Exits.sleeper(service, "report", server.url());
            onlooker.await(pid, "active");
            var bean = service.backends();
            process.freeze(pid);
            try {
                CompletableFuture<Void> operation =
                        CompletableFuture.runAsync(() -> bean.terminate(Integer.toString(pid)));
                onlooker.awaitTermination();
                assertExitsInTime(service);
                assertThat(operation).failsWithin(ServiceJvm.DEADLINE);
            } finally {
                process.thaw(pid);
            }
            onlooker.await(pid, Onlooker.GONE);
        }
    }

    private static void assertExitsInTime(ServiceJvm service) {
        long began = System.nanoTime();
        service.terminate();
        assertThat(System.nanoTime() - began).isLessThan(IN_TIME.toNanos());
    }
}
