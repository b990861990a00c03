// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.leaks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.pgleash.compatibility.observe.Onlooker;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.jmx.BackendsMXBean;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told to those who listen, each once, to a client without our classes. */
final class NotificationIT {
    private static final Duration SEVERAL_PATROLS = Duration.ofSeconds(2);

    @Test
    void a_leak_is_suspected_confirmed_and_acted_upon(@TempDir Path folder) throws IOException {
        try (Shop shop = Shop.open(Shop.EAGER)) {
            shop.bean();
            try (Listener listener = Listener.to(shop.service(), folder)) {
                String id = new Onlooker(PostgresServers.shared()).id(shop.forgottenByWorker("orders"));
                listener.awaits("leak.suspected", id);
                shop.endWorker("orders");
                listener.awaits("leak.confirmed", id);
                shop.service().backends().terminateLeaked(false);
                listener.awaits("acted", id);
                quiet(listener, 3);
                assertThat(listener.of("leak.suspected"))
                        .singleElement()
                        .asString()
                        .contains(" | " + id + " | ", "is probably leaked: it was borrowed ", "which has left ");
                assertThat(listener.of("leak.confirmed"))
                        .singleElement()
                        .asString()
                        .contains(" | " + id + " | ", "is leaked: it was borrowed ", "a thread that has ended");
                assertThat(listener.of("acted"))
                        .singleElement()
                        .asString()
                        .contains(" | " + id + " | ", "terminate " + id + ": GONE, ");
            }
        }
    }

    @Test
    void a_leak_that_is_returned_after_all_is_told_and_left_alone(@TempDir Path folder) throws IOException {
        try (Shop shop = Shop.open(Shop.EAGER)) {
            Onlooker onlooker = new Onlooker(PostgresServers.shared());
            shop.bean();
            try (Listener listener = Listener.to(shop.service(), folder)) {
                int pid = shop.forgottenByWorker("orders");
                String id = onlooker.id(pid);
                listener.awaits("leak.suspected", id);
                shop.giveBack("orders");
                listener.awaits("leak.returned", id);
                assertThat(shop.service().backends().terminateLeaked(false)).isEmpty();
                quiet(listener, 2);
                assertThat(listener.of("leak.returned"))
                        .singleElement()
                        .asString()
                        .contains("returned after all");
                assertThat(onlooker.state(pid)).isEqualTo("idle");
                assertThat(shop.held("again")).isEqualTo(pid);
            }
        }
    }

    @Test
    void a_stuck_backend_a_refusal_and_exhaustion_are_told(@TempDir Path folder) throws IOException {
        try (Shop shop =
                Shop.open(PostgresServers.shared(), ServiceJvm.plan().agent(Shop.EAGER), 1, 0, Duration.ofSeconds(3))) {
            int pid = shop.held("orders");
            String id = new Onlooker(PostgresServers.shared()).id(pid);
            try (Listener listener = Listener.to(shop.service(), folder)) {
                shop.begin("orders");
                listener.awaits("stuck", id);
                shop.service().backends().terminate("2147483647");
                listener.awaits("refused", "2147483647");
                shop.borrowInVain();
                listener.awaits("exhausted", id);
                quiet(listener, 3);
                assertThat(listener.of("stuck")).singleElement().asString().contains(" is stuck: it has been idle in");
                assertThat(listener.of("refused"))
                        .singleElement()
                        .asString()
                        .contains("terminate 2147483647: REFUSED, pid 2147483647 is no backend of this JVM");
                assertThat(listener.of("exhausted"))
                        .singleElement()
                        .asString()
                        .contains(
                                "a borrow failed: ", " // " + id + " of " + Shop.POOL + " is held by holder of orders");
            }
        }
    }

    @Test
    void a_dry_run_is_told_as_one(@TempDir Path folder) throws IOException {
        try (Shop shop = Shop.open(Shop.EAGER)) {
            int pid = shop.forgotten("orders");
            shop.awaitVerdict(pid, "leaked");
            BackendsMXBean bean = shop.service().backends();
            try (Listener listener = Listener.to(shop.service(), folder)) {
                assertThat(bean.terminateLeaked(true)).hasSize(1);
                listener.awaits("acted", Integer.toString(pid));
                quiet(listener, 1);
                assertThat(listener.of("acted")).singleElement().asString().contains(": DRY_RUN, would be terminated");
            }
        }
    }

    /** Nothing more is told, for several patrols. */
    private static void quiet(Listener listener, int told) {
        await().during(SEVERAL_PATROLS)
                .atMost(ServiceJvm.DEADLINE)
                .untilAsserted(() -> assertThat(listener.lines()).hasSize(1 + told));
    }
}
