// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.frameworks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.compatibility.observe.Onlooker;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ProgramJvm;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.compatibility.track.Listing;
import io.github.pgleash.jmx.Backend;
import io.github.pgleash.jmx.BackendsMXBean;
import io.github.pgleash.jmx.Receipt;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Web applications with a driver of their own, in the real Tomcat. Redeployed, their class loader must be collected:
 * with pgleash as without, which one of two servers lacks. The driver's cleaner, which keeps the loader until it has had
 * nothing to do for 30 s, is told to be quicker, in both. The control connection is one that would stay for good.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // Which does not know the methods that run before all tests.
final class TomcatIT {
    private static final String CLEANER = "-Dpgjdbc.config.cleanup.thread.ttl=500";
    private static final String SERVLET = "io.github.pgleash.compatibility.frameworks.webapp.OrdersServlet.";

    private final PostgresServer server = PostgresServers.shared();
    private final Onlooker onlooker = new Onlooker(server);
    private TomcatServer tomcat;
    private TomcatServer without;

    /** Where the pool comes from. */
    enum Pool {
        OWN("shop") {
            @Override
            byte[] war(PostgresServer server) {
                return War.withHikari(server);
            }
        },
        OF_THE_SERVER("Tomcat Connection Pool[") {
            @Override
            byte[] war(PostgresServer server) {
                return War.withResource(server);
            }
        };

        final String poolName;

        Pool(String poolName) {
            this.poolName = poolName;
        }

        abstract byte[] war(PostgresServer server);

        String path(String test) {
            return "/" + name().toLowerCase(Locale.ROOT) + "-" + test;
        }
    }

    @BeforeAll
    void start(@TempDir Path base, @TempDir Path other) {
        tomcat = TomcatServer.start(
                base, CLEANER, ProgramJvm.agent("app=shop,leak.after=1s,patrol.interval=1s,control.reserve=on"));
        without = TomcatServer.start(other, CLEANER);
    }

    @AfterAll
    void close() {
        tomcat.close();
        without.close();
    }

    @ParameterizedTest
    @EnumSource
    void connections_are_tagged_and_tracked_and_a_forgotten_one_is_found_and_given_back(Pool pool) {
        String path = pool.path("tracked");
        tomcat.deploy(path, pool.war(server));
        String forgotten = tomcat.get(path + "/orders?forget");
        Awaitility.await().atMost(ServiceJvm.DEADLINE).until(() -> bean().getLeaked() == 1);
        Backend backend = Listing.of(bean()).row(forgotten);
        assertThat(backend.borrowedFrom()).startsWith(SERVLET + "forget(OrdersServlet.java:");
        assertThat(backend.application_name()).startsWith("shop@");
        assertThat(backend.pool()).startsWith(pool.poolName);
        assertThat(backend.state()).as("read through the application's driver").isEqualTo("idle");
        assertThat(backend.owner()).startsWith("http-nio-");
        assertThat(bean().getBorrowed()).isEqualTo(1);

        Receipt[] receipts = bean().terminateLeaked(false);
        assertThat(receipts).hasSize(1).allSatisfy(receipt -> {
            assertThat(receipt.outcome()).as(receipt.toString()).isEqualTo("GONE");
            assertThat(receipt.slotFreed()).as(receipt.toString()).isTrue();
            assertThat(onlooker.sees(receipt.backend())).isFalse();
        });
        assertThat(tomcat.get(path + "/orders")).as("in the pool's only slot").isNotEqualTo(forgotten);
        tomcat.undeploy(path);
        awaitCollection(tomcat, path);
        assertThat(tomcat.warnings()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void a_redeployed_application_is_collected_as_without_pgleash(Pool pool) {
        String path = pool.path("redeployed");
        for (TomcatServer server : List.of(without, tomcat)) {
            for (int deployment = 1; deployment <= 2; deployment++) {
                server.deploy(path, pool.war(this.server));
                server.get(path + "/orders");
                look(server);
                server.undeploy(path);
                awaitCollection(server, path);
            }
        }
        assertThat(tomcat.warnings()).isEqualTo(without.warnings());
    }

    /** Tomcat's pool closes only what is idle, so that such an application stays there without pgleash, too. */
    @Test
    void an_application_that_forgot_a_connection_is_collected_as_without_pgleash() {
        String path = Pool.OWN.path("forgotten");
        for (TomcatServer server : List.of(without, tomcat)) {
            server.deploy(path, Pool.OWN.war(this.server));
            server.get(path + "/orders?forget");
            look(server);
            server.undeploy(path);
            awaitCollection(server, path);
        }
        Awaitility.await().atMost(ServiceJvm.DEADLINE).until(() -> bean().getBorrowed() == 0);
        assertThat(tomcat.warnings()).isEqualTo(without.warnings());
    }

    /** So that there is a control connection, and everything was asked once. */
    private void look(TomcatServer server) {
        if (server == tomcat) {
            bean().refresh();
            assertThat(bean().getBackends()).isNotEmpty();
            assertThat(bean().table()).contains("idle");
        }
    }

    private void awaitCollection(TomcatServer server, String path) {
        Awaitility.await("collection of the class loader " + (server == tomcat ? "with" : "without") + " pgleash")
                .atMost(ServiceJvm.DEADLINE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(300))
                .untilAsserted(() -> assertThat(server.leakedLoaders()).doesNotContain(path));
    }

    private BackendsMXBean bean() {
        return tomcat.program().backends();
    }
}
