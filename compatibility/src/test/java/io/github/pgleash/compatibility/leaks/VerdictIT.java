// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.leaks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.pgleash.compatibility.observe.Onlooker;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.jmx.Backend;
import io.github.pgleash.jmx.BackendsMXBean;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is called leaked or stuck, how sure that is, and the evidence for it. */
final class VerdictIT {
    private final Shop shop = Shop.open(Shop.EAGER + ",active.after=1s,blocked.after=1s");

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void a_borrow_whose_owner_has_ended_is_leaked_for_certain() {
        Backend row = shop.awaitVerdict(shop.forgotten("orders"), "leaked");
        assertThat(row.evidence())
                .startsWith("was borrowed ")
                .contains(" ago by checkout orders #", "a thread that has ended", "the session was last used ");
        assertThat(explain(row.id()).lines())
                .contains(
                        "backend: " + row.id(),
                        "verdict: leaked",
                        "how sure: certain",
                        "pool: " + Shop.POOL,
                        "owner: " + row.owner(),
                        "owner is: ended",
                        "borrowed at: " + row.borrowedFrom(),
                        "transaction: none open",
                        "statement: " + Orders.PID)
                .anyMatch(line -> line.startsWith("because it: was borrowed "))
                .anyMatch(line -> line.matches("state: idle for \\d+ .*"))
                .anyMatch(line -> line.startsWith("   borrowed by: com.zaxxer.hikari.HikariDataSource.getConnection("))
                .anyMatch(line -> line.startsWith("   borrowed by: " + Orders.class.getName() + ".checkout("));
    }

    @Test
    void a_borrow_whose_owner_went_on_to_other_work_is_probably_leaked() {
        Backend row = shop.awaitVerdict(shop.forgottenByWorker("orders"), "leaked");
        assertThat(row.owner()).startsWith("worker of orders #");
        assertThat(row.ownerState()).startsWith("waiting in " + Errand.class.getName() + ".awaitEnd(");
        assertThat(row.evidence())
                .contains(
                        "by worker of orders #",
                        "which has left " + Orders.class.getName() + ".checkout(",
                        "and is now waiting in ");
        assertThat(explain(row.id()).lines()).contains("how sure: probable", "owner is: " + row.ownerState());
    }

    @Test
    void a_session_idle_in_transaction_is_stuck_while_its_owner_does_nothing_with_it() {
        int pid = shop.held("orders");
        shop.begin("orders");
        Backend row = shop.awaitVerdict(pid, "stuck");
        assertThat(row.evidence())
                .startsWith("has been idle in transaction for ")
                .contains("in a transaction that began");
        assertThat(explain(row.id()).lines())
                .contains("how sure: certain", "verdict: stuck")
                .anyMatch(line -> line.startsWith("transaction: open for "));
    }

    @Test
    void a_statement_that_runs_for_long_is_stuck_where_that_was_asked_for() {
        int pid = shop.held("orders");
        shop.fateOf("orders", "SELECT pg_sleep(60)");
        assertThat(shop.awaitVerdict(pid, "stuck").evidence()).startsWith("has been running one statement for ");
    }

    @Test
    void a_session_that_waits_for_a_lock_is_stuck_and_the_blocker_is_named() {
        int blocker = shop.held("blocker");
        shop.execute("blocker", "SELECT pg_advisory_lock(42)");
        int blocked = shop.held("blocked");
        shop.fateOf("blocked", "SELECT pg_advisory_lock(42)");
        Backend row = shop.awaitVerdict(blocked, "stuck");
        assertThat(row.blockedBy()).isEqualTo(Integer.toString(blocker));
        assertThat(row.evidence()).startsWith("has been waiting for a lock of pid " + blocker + ",");
        assertThat(explain(row.id()).lines()).contains("blocked by: pid " + blocker);
        assertThat(shop.row(blocker).verdict()).isEqualTo("healthy");
    }

    @Test
    void the_numbers_are_those_of_the_list() {
        shop.held("healthy");
        BackendsMXBean bean = shop.service().backends();
        shop.forgotten("first");
        shop.forgottenByWorker("second");
        int stuck = shop.held("stuck");
        shop.begin("stuck");
        shop.awaitVerdict(stuck, "stuck");
        await().atMost(ServiceJvm.DEADLINE).untilAsserted(() -> {
            bean.refresh();
            List<Backend> rows = Arrays.asList(bean.getBackends());
            assertThat(rows).hasSize(4);
            assertThat(bean.getConnections()).isEqualTo(4);
            assertThat(rows).filteredOn(row -> row.owner() != null).hasSize(4);
            assertThat(bean.getBorrowed()).isEqualTo(4);
            assertThat(rows).filteredOn(row -> row.verdict().equals("leaked")).hasSize(2);
            assertThat(bean.getLeaked()).isEqualTo(2);
            assertThat(rows).filteredOn(row -> row.verdict().equals("stuck")).hasSize(1);
            assertThat(bean.getStuck()).isEqualTo(1);
        });
        assertThat(bean.getLongestBorrowSeconds()).isBetween(1L, 60L);
        assertThat(bean.terminateLeaked(false)).hasSize(2);
        shop.end("healthy");
        shop.end("stuck");
        await().atMost(ServiceJvm.DEADLINE).untilAsserted(() -> {
            bean.refresh();
            assertThat(bean.getLeaked()).isZero();
            assertThat(bean.getStuck()).isZero();
            assertThat(bean.getBorrowed()).isZero();
            assertThat(bean.getLongestBorrowSeconds()).isZero();
        });
        assertThat(bean.getSlotsFreed()).isEqualTo(2);
    }

    /** The server's side of a look before the borrow says nothing about the borrow. */
    @Test
    void what_the_server_said_before_a_borrow_is_no_evidence_against_it() {
        try (Shop slow = Shop.open("app=slow,leak.after=1s,idleInTransaction.after=1s,patrol.interval=1h")) {
            int pid = slow.held("orders");
            slow.end("orders");
            slow.awaitReturned(pid);
            new Onlooker(PostgresServers.shared()).awaitAge(pid, Duration.ofMillis(1_100));
            BackendsMXBean bean = slow.service().backends();
            bean.refresh();
            assertThat(slow.handedOn("orders")).isEqualTo(pid);
            // Does not ask for a fresh look, as the others do.
            await().atMost(ServiceJvm.DEADLINE).until(() -> bean.getLongestBorrowSeconds() >= 1);
            assertThat(bean.getLeaked()).isZero();
        }
    }

    private String explain(String id) {
        return shop.service().backends().explain(id);
    }
}
