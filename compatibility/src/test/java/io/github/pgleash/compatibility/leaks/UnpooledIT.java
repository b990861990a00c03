// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.leaks;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.pgleash.compatibility.Drivers;
import io.github.pgleash.compatibility.observe.Onlooker;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.jmx.Backend;
import io.github.pgleash.jmx.BackendsMXBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that no pool lent: the driver's own. */
final class UnpooledIT {
    private final String url = PostgresServers.shared().url();

    @Test
    void of_a_dead_owner_it_is_probably_leaked_and_ended_on_request() {
        try (Shop shop = Shop.open(Shop.EAGER)) {
            int pid = opened(shop, "orders");
            Backend row = shop.awaitVerdict(pid, "leaked");
            BackendsMXBean bean = shop.service().backends();
            assertThat(row.pool()).isEqualTo("none (DriverManager)");
            assertThat(row.owner()).startsWith("opener of orders #");
            assertThat(bean.explain(row.id())).contains("how sure: probable");
            assertThat(bean.getBorrowed()).isEqualTo(1);
            assertThat(bean.terminateLeaked(false)).singleElement().satisfies(receipt -> {
                assertThat(receipt.outcome()).isEqualTo("GONE");
                assertThat(receipt.slotFreed()).isFalse();
            });
            assertThat(bean.getBorrowed()).isZero();
            assertThat(shop.service().ask(stage -> stage.connection("orders").isClosed()))
                    .isEqualTo("true");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"42.2.5", "42.7.14"})
    void collected_unclosed_it_disappears(String driver) {
        try (Shop shop = Shop.open(
                ServiceJvm.plan()
                        .without("postgresql-")
                        .with(Drivers.jar(driver))
                        .agent(Shop.EAGER),
                5,
                0)) {
            int pid = opened(shop, "orders");
            BackendsMXBean bean = shop.service().backends();
            shop.awaitVerdict(pid, "leaked");
            assertThat(bean.getConnections()).isEqualTo(1);
            shop.service().run(stage -> stage.remove("orders"));
            await("it is collected").atMost(ServiceJvm.DEADLINE).untilAsserted(() -> {
                shop.service().run(stage -> System.gc());
                assertThat(bean.getConnections()).isZero();
                assertThat(bean.getBorrowed()).isZero();
                assertThat(bean.getLongestBorrowSeconds()).isZero();
            });
            // The driver's own way to clean up after a careless application still works.
            new Onlooker(PostgresServers.shared()).await(pid, Onlooker.GONE);
        }
    }

    @Test
    void our_own_control_connection_is_nobodys_borrow() {
        try (Shop shop = Shop.open("app=shop,control.reserve=on")) {
            int pid = opened(shop, "orders");
            BackendsMXBean bean = shop.service().backends();
            bean.refresh();
            assertThat(bean.getBorrowed()).isEqualTo(1);
            shop.giveBack("orders");
            bean.refresh();
            assertThat(bean.getBackends()).noneMatch(row -> row.pid() == pid);
            assertThat(bean.getBorrowed()).isZero();
            assertThat(bean.getLongestBorrowSeconds()).isZero();
        }
    }

    private int opened(Shop shop, String name) {
        String to = url;
        return Integer.parseInt(shop.service()
                .start("opener of " + name, stage -> {
                    stage.open(name, to, APP, SECRET);
                    return String.valueOf(stage.query(name, Orders.PID));
                })
                .join());
    }
}
