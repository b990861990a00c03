// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.track;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.pgleash.compatibility.Drivers;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ScriptFailed;
import io.github.pgleash.compatibility.service.ServiceJvm;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways in which a connection ends, each of which takes it off the list: with an old, a middle and a new driver. */
final class EndedConnectionIT {
    private static final PostgresServer SERVER = PostgresServers.shared();

    private static ServiceJvm service;

    @BeforeAll
    static void startService() {
        service = ServiceJvm.plan().agent("app=shop").start();
        String url = SERVER.url();
        // The MBean comes with the first connection, and not all of the tests make one.
        service.run(stage -> stage.open("first", url, APP, SECRET).close());
    }

    @AfterAll
    static void endService() {
        service.close();
    }

    @AfterEach
    void nothingWentWrong() {
        assertThat(service.backends().getProblems()).isEmpty();
        assertThat(service.stderr()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"42.2.5", "42.5.6", "42.7.14"})
    void a_closed_connection_is_gone(String version) {
        connect(version);
        service.run(stage -> stage.connection("connection").close());
        assertThatNothingIsListed();
        service.run(stage -> stage.connection("connection").close());
        assertThatNothingIsListed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"42.2.5", "42.5.6", "42.7.14"})
    void an_aborted_connection_is_gone(String version) {
        int java = service.call(stage -> Runtime.version().feature());
        assumeTrue(
                java < 24 || version.equals("42.7.14"),
                "drivers up to 42.7.9 ask for a permission to abort, which Java 24 and newer refuse to all");
        connect(version);
        service.run(stage -> stage.connection("connection").abort(Runnable::run));
        assertThatNothingIsListed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"42.2.5", "42.5.6", "42.7.14"})
    void a_connection_that_is_found_broken_is_gone(String version) {
        String pid = connect(version);
        SERVER.execute("SELECT pg_terminate_backend(" + pid + ")");
        awaitEndOf(pid);
        assertThatExceptionOfType(ScriptFailed.class)
                .isThrownBy(() -> service.run(stage -> stage.execute("connection", "SELECT 1")))
                .satisfies(failed -> assertThat(failed.sqlState()).isEqualTo("57P01"));
        assertThatNothingIsListed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"42.2.5", "42.5.6", "42.7.14"})
    void a_forgotten_connection_is_gone_with_the_garbage_and_the_driver_closes_it(String version) {
        String pid = connect(version);
        service.run(stage -> stage.remove("connection"));
        await().atMost(ServiceJvm.DEADLINE).untilAsserted(() -> {
            service.run(stage -> System.gc());
            assertThatNothingIsListed();
        });
        awaitEndOf(pid);
    }

    @ParameterizedTest
    @ValueSource(strings = {"42.2.5", "42.5.6", "42.7.14"})
    void a_connection_that_could_not_be_made_is_not_listed(String version) {
        String url = SERVER.url();
        assertThatExceptionOfType(ScriptFailed.class)
                .isThrownBy(() -> service.run(stage -> {
                    stage.driver("driver", Drivers.jar(version));
                    stage.openWith("driver", "connection", url, APP, "not " + SECRET);
                }))
                .satisfies(failed -> assertThat(failed.sqlState()).isEqualTo("28P01"));
        assertThatNothingIsListed();
    }

    /** Opens a connection and sees it in the list. */
    private static String connect(String version) {
        String url = SERVER.url();
        service.run(stage -> {
            stage.driver("driver", Drivers.jar(version));
            stage.openWith("driver", "connection", url, APP, SECRET);
        });
        String pid = service.ask(stage -> stage.query("connection", "SELECT pg_backend_pid()"));
        assertThat(Listing.of(service).has(pid)).isTrue();
        return pid;
    }

    private static void assertThatNothingIsListed() {
        assertThat(service.backends().getConnections()).isZero();
        assertThat(service.backends().getBackends()).isEmpty();
        assertThat(service.backends().getTable()).isEmpty();
    }

    private static void awaitEndOf(String pid) {
        await().atMost(ServiceJvm.DEADLINE)
                .until(() -> SERVER.column("SELECT 1 FROM pg_stat_activity WHERE pid = ?", Integer.valueOf(pid))
                        .isEmpty());
    }
}
