// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.leaks;

import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.pgleash.compatibility.observe.Onlooker;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.jmx.BackendsMXBean;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The moment in which no connection is left: who holds what, since when and from where, told once. */
final class ExhaustionIT {
    private static final String LIMITED = "limited";
    private static final Duration SOON = Duration.ofSeconds(3);
    private static final String HERE = Orders.class.getName();

    private final PostgresServer server = PostgresServers.shared();

    @Test
    void a_borrow_that_times_out_makes_one_report() {
        try (Shop shop = Shop.open(server, ServiceJvm.plan().agent("app=shop,patrol.interval=200ms"), 2, 0, SOON)) {
            Onlooker onlooker = new Onlooker(server);
            int held = shop.held("orders");
            int forgotten = shop.forgotten("forgotten");
            BackendsMXBean bean = shop.service().backends();
            bean.refresh();
            assertThat(bean.getLastExhaustion()).isEmpty();
            assertThat(shop.borrowInVain().exception()).isEqualTo("java.sql.SQLTransientConnectionException");
            String[] report = awaitReport(shop.service());
            assertThat(report).hasSize(3);
            assertThat(report[0]).contains("a borrow failed: " + Shop.POOL + " - Connection is not available");
            assertThat(report[1])
                    .startsWith(onlooker.id(held) + " of " + Shop.POOL + " is held by holder of orders #")
                    .contains(" for ", ", borrowed at " + HERE + ".hold(Orders.java:", "; that thread is waiting in ");
            assertThat(report[2])
                    .startsWith(onlooker.id(forgotten) + " of " + Shop.POOL + " is held by checkout forgotten #")
                    .contains("borrowed at " + HERE + ".checkout(Orders.java:", "; that thread is ended");

            assertThat(shop.borrowInVain().exception()).isEqualTo("java.sql.SQLTransientConnectionException");
            await().during(Duration.ofSeconds(1)).atMost(ServiceJvm.DEADLINE).untilAsserted(() -> {
                assertThat(bean.getLastExhaustion()).isEqualTo(report);
                assertThat(logged(shop.service(), "a borrow failed: ")).hasSize(1);
            });
            assertThat(logged(shop.service(), onlooker.id(held) + " of ")).hasSize(1);
            assertThat(logged(shop.service(), onlooker.id(forgotten) + " of ")).hasSize(1);
        }
    }

    @Test
    void a_connect_that_finds_no_slot_makes_a_report() {
        server.createRole(LIMITED, SECRET, "CONNECTION LIMIT 1");
        String url = server.url();
        try (ServiceJvm service = ServiceJvm.plan()
                .agent("app=shop,patrol.interval=200ms,stacks=always")
                .start()) {
            service.run(stage -> stage.open("only", url, LIMITED, SECRET));
            BackendsMXBean bean = service.backends();

            // That pgleash itself finds no slot is a problem of its own, and none of the application's.
            bean.refresh();
            assertThat(bean.getProblems()).anyMatch(problem -> problem.contains("too many connections for role"));
            await().during(Duration.ofSeconds(1))
                    .atMost(ServiceJvm.DEADLINE)
                    .untilAsserted(() -> assertThat(bean.getLastExhaustion()).isEmpty());

            Fate fate = service.call(stage -> Fate.of(() -> stage.open("second", url, LIMITED, SECRET)));
            assertThat(fate.sqlState()).isEqualTo("53300");
            String[] report = awaitReport(service);
            assertThat(report).hasSize(2);
            assertThat(report[0]).contains("the server has no connection slot left: ", "too many connections for role");
            assertThat(report[1])
                    .contains(" of none (DriverManager) is held by main #", "; that thread is ")
                    .contains(", borrowed at io.github.pgleash.compatibility.service.Stage.open(Stage.java:");
        }
    }

    private static String[] awaitReport(ServiceJvm service) {
        await("a report")
                .atMost(ServiceJvm.DEADLINE)
                .untilAsserted(
                        () -> assertThat(service.backends().getLastExhaustion()).isNotEmpty());
        return service.backends().getLastExhaustion();
    }

    private static List<String> logged(ServiceJvm service, String text) {
        return service.stderr().stream()
                .filter(line -> line.startsWith("pgleash ") && line.contains(text))
                .toList();
    }
}
