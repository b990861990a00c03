// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.leaks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.compatibility.service.Jdks;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.jmx.Backend;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

/** What is known of each borrow: who, where, since when, and what became of that thread. */
final class BorrowIT {
    private static final String HERE = Orders.class.getName();
    private static final String WAITING =
            "waiting in " + Errand.class.getName().replace(".", "\\.") + "\\.awaitEnd\\(Errand\\.java:\\d+\\)";

    @Test
    void a_borrow_knows_its_pool_owner_time_and_place() {
        try (Shop shop = Shop.open("app=shop")) {
            Instant before = Instant.now().minusMillis(1);
            int pid = shop.held("orders");
            Instant after = Instant.now();
            Backend row = shop.row(pid);
            String id = shop.service()
                    .ask(stage -> Thread.getAllStackTraces().keySet().stream()
                            .filter(thread -> thread.getName().equals("holder of orders"))
                            .findFirst()
                            .orElseThrow()
                            .getId());
            assertThat(row.pool()).isEqualTo(Shop.POOL);
            assertThat(row.owner()).isEqualTo("holder of orders #" + id);
            assertThat(row.ownerState()).matches(WAITING);
            assertThat(row.borrowedFrom()).matches(HERE.replace(".", "\\.") + "\\.hold\\(Orders\\.java:\\d+\\)");
            // Made from an age at each reading: the clocks are read one after the other.
            assertThat(Instant.parse(Objects.requireNonNull(row.borrowedAt())))
                    .isBetween(before, after.plus(Duration.ofSeconds(1)));
            assertThat(row.verdict()).isEqualTo("healthy");

            shop.end("orders");
            Backend returned = shop.awaitReturned(pid);
            assertThat(returned.pool()).isNull();
            assertThat(returned.owner()).isNull();
            assertThat(returned.ownerState()).isNull();
            assertThat(returned.borrowedAt()).isNull();
            assertThat(returned.borrowedFrom()).isNull();
        }
    }

    @Test
    void an_ended_owner_is_still_known() {
        try (Shop shop = Shop.open("app=shop")) {
            Backend row = shop.row(shop.forgotten("orders"));
            assertThat(row.owner()).startsWith("checkout orders #");
            assertThat(row.ownerState()).isEqualTo("ended");
            assertThat(row.borrowedFrom()).startsWith(HERE + ".checkout(Orders.java:");
        }
    }

    @Test
    void a_virtual_thread_is_an_owner_with_a_name_of_its_own_or_ours() {
        try (Shop shop = Shop.open(ServiceJvm.plan().javaHome(Jdks.require(25)).agent("app=shop"), 5, 0)) {
            shop.prepare("orders");
            shop.prepare("stock");
            shop.service().run(stage -> {
                Runnable hold = () -> Fate.of(() -> Orders.hold(stage, "orders"));
                startVirtual("order-7", hold);
                startVirtual("", () -> Fate.of(() -> Orders.hold(stage, "stock")));
            });
            int stock = shop.pid("stock");
            int orders = shop.pid("orders");
            Backend unnamed = shop.row(stock);
            assertThat(unnamed.owner()).matches("virtual thread #\\d+");
            assertThat(unnamed.ownerState()).matches(WAITING);
            assertThat(unnamed.borrowedFrom()).startsWith(HERE + ".hold(Orders.java:");
            assertThat(shop.row(orders).owner()).matches("order-7 #\\d+");
            shop.end("orders");
            shop.end("stock");
            assertThat(shop.awaitReturned(stock).pool()).isNull();
        }
    }

    @Test
    void without_stacks_there_is_no_place_and_the_rest_works() {
        try (Shop shop = Shop.open(Shop.EAGER + ",stacks=never")) {
            int pid = shop.held("orders");
            Backend row = shop.row(pid);
            assertThat(row.borrowedFrom()).isNull();
            assertThat(row.owner()).startsWith("holder of orders #");
            int forgotten = shop.forgotten("forgotten");
            Backend leaked = shop.awaitVerdict(forgotten, "leaked");
            assertThat(leaked.borrowedFrom()).isNull();
            assertThat(leaked.evidence()).contains("a thread that has ended");
            assertThat(shop.service().backends().explain(leaked.id())).contains("how sure: certain");
            assertThat(shop.service().backends().terminateLeaked(false))
                    .singleElement()
                    .satisfies(receipt -> assertThat(receipt.outcome()).isEqualTo("GONE"))
                    .satisfies(receipt -> assertThat(receipt.slotFreed()).isTrue());
        }
    }

    @Test
    void what_a_framework_borrows_for_the_application_shows_the_applications_frame() {
        try (Shop shop = Shop.open("app=shop")) {
            shop.prepare("orders");
            shop.service().run(stage -> {
                SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor("spring-task-");
                executor.execute(() -> Orders.report(stage, "orders"));
            });
            Backend row = shop.row(shop.pid("orders"));
            assertThat(row.owner()).startsWith("spring-task-1 #");
            assertThat(row.pool()).isEqualTo(Shop.POOL);
            assertThat(row.borrowedFrom()).startsWith(HERE + ".report(Orders.java:");
            assertThat(row.ownerState()).matches(WAITING);
            shop.end("orders");
        }
    }

    /** Compiled for Java 17, where there are none. */
    private static void startVirtual(String name, Runnable work) throws ReflectiveOperationException {
        Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
        Class<?> type = Class.forName("java.lang.Thread$Builder");
        type.getMethod("name", String.class).invoke(builder, name);
        type.getMethod("start", Runnable.class).invoke(builder, work);
    }
}
