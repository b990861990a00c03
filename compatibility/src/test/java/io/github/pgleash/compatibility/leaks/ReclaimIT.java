// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.leaks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.pgleash.compatibility.observe.Onlooker;
import io.github.pgleash.compatibility.server.OwnProcess;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.jmx.BackendsMXBean;
import io.github.pgleash.jmx.Receipt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Leaked connections are ended and their slots given back; what was returned in time is spared. */
final class ReclaimIT {
    private final PostgresServer server = PostgresServers.shared();
    private final Onlooker onlooker = new Onlooker(server);

    @Test
    void a_dry_run_changes_nothing() {
        try (Shop shop = Shop.open(Shop.EAGER)) {
            int pid = shop.forgotten("orders");
            shop.awaitVerdict(pid, "leaked");
            BackendsMXBean bean = shop.service().backends();
            String id = onlooker.id(pid);
            assertThat(bean.terminateLeaked(true))
                    .extracting(Receipt::backend, Receipt::outcome, Receipt::slotFreed)
                    .containsExactly(tuple(id, "DRY_RUN", false));
            assertThat(onlooker.sees(id)).isTrue();
            assertThat(bean.getBorrowed()).isEqualTo(1);
            assertThat(bean.getTerminated()).isZero();
            assertThat(bean.getSlotsFreed()).isZero();
            assertThat(shop.row(pid).verdict()).isEqualTo("leaked");
            // Its owner may still use and return it.
            shop.execute("orders", "SELECT 1");
            shop.giveBack("orders");
            assertThat(shop.held("again")).isEqualTo(pid);
        }
    }

    @Test
    void leaked_slots_can_be_borrowed_again() {
        try (Shop shop = Shop.open(ServiceJvm.plan().agent(Shop.EAGER), 2, 0)) {
            int first = shop.forgotten("first");
            int second = shop.forgottenByWorker("second");
            shop.awaitVerdict(first, "leaked");
            shop.awaitVerdict(second, "leaked");
            assertThat(shop.service().backends().terminateLeaked(false))
                    .extracting(Receipt::outcome, Receipt::slotFreed)
                    .containsExactly(tuple("GONE", true), tuple("GONE", true));
            assertThat(shop.held("third")).isNotIn(first, second);
            assertThat(shop.held("fourth")).isNotIn(first, second);
            assertThat(shop.service().backends().getBorrowed()).isEqualTo(2);
        }
    }

    @Test
    void a_borrow_that_was_returned_between_look_and_act_is_spared() throws Exception {
        OwnProcess process = server.requireOwnProcess();
        try (Shop shop = Shop.open(ServiceJvm.plan().agent(Shop.EAGER), 2, 0)) {
            int frozen = shop.forgotten("frozen");
            shop.changeRole(server, "late"); // one role's backends are ended after the other's
            int late = shop.forgottenByWorker("late");
            shop.awaitVerdict(frozen, "leaked");
            shop.awaitVerdict(late, "leaked");
            BackendsMXBean bean = shop.service().backends();
            process.freeze(frozen);
            // Both are found leaked by one look; while the first takes its time to end, the second is returned.
            CompletableFuture<Receipt[]> acting = CompletableFuture.supplyAsync(() -> bean.terminateLeaked(false));
            onlooker.awaitTermination();
            shop.giveBack("late");
            assertThat(shop.held("next")).isEqualTo(late);
            process.thaw(frozen);
            assertThat(acting.get(30, TimeUnit.SECONDS))
                    .extracting(Receipt::outcome)
                    .containsExactly("GONE", "REFUSED");
            assertThat(bean.getReceipts()[0].reason()).contains("it was returned to its pool meanwhile");
            shop.execute("next", "SELECT 1");
            assertThat(onlooker.state(late)).isEqualTo("idle");
        }
    }

    @Test
    void a_session_that_is_used_again_between_look_and_act_is_spared() throws Exception {
        OwnProcess process = server.requireOwnProcess();
        try (Shop shop = Shop.open(ServiceJvm.plan().agent(Shop.EAGER), 2, 0)) {
            int frozen = shop.forgotten("frozen");
            shop.changeRole(server, "late"); // one role's backends are ended after the other's
            int late = shop.forgottenByWorker("late");
            shop.awaitVerdict(frozen, "leaked");
            shop.awaitVerdict(late, "leaked");
            BackendsMXBean bean = shop.service().backends();
            process.freeze(frozen);
            CompletableFuture<Receipt[]> acting = CompletableFuture.supplyAsync(() -> bean.terminateLeaked(false));
            onlooker.awaitTermination();
            shop.execute("late", "SELECT 1");
            process.thaw(frozen);
            assertThat(acting.get(30, TimeUnit.SECONDS))
                    .extracting(Receipt::outcome)
                    .containsExactly("GONE", "REFUSED");
            assertThat(bean.getReceipts()[0].reason()).contains("it went on to something else since it was judged");
            shop.execute("late", "SELECT 1");
            shop.giveBack("late");
            assertThat(shop.held("next")).isEqualTo(late);
        }
    }
}
