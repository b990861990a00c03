// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.leaks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.github.pgleash.compatibility.observe.Onlooker;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.Running;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.jmx.BackendsMXBean;
import io.github.pgleash.jmx.Receipt;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done by rule, with nobody at the MBean. */
final class AutomaticIT {
    private final Onlooker onlooker = new Onlooker(PostgresServers.shared());

    @Test
    void a_leak_is_told_then_ended_and_its_slot_given_back() {
        try (Shop shop = Shop.open(ServiceJvm.plan().agent(Shop.EAGER + ",action=terminate,action.after=1s"), 1, 1)) {
            int leaked = shop.forgotten("orders");
            // There is one slot, and it is leaked: whoever gets it, got it from the clean-up.
            assertThat(shop.held("next")).isNotEqualTo(leaked);
            assertThat(onlooker.state(leaked)).isEqualTo(Onlooker.GONE);
            String unused = shop.service().awaitStderr(leaked + "@.* is leaked: it was borrowed ");
            assertThat(Rulebook.receipts(shop))
                    .extracting(Receipt::by, Receipt::action, Receipt::outcome, Receipt::slotFreed)
                    .containsExactly(tuple("rule default", "terminate", "GONE", true));
            assertThat(shop.service().backends().getTerminated()).isEqualTo(1);
        }
    }

    @Test
    void without_being_switched_on_it_only_reports() {
        try (Shop shop = Shop.open(Shop.EAGER + ",action.after=0")) {
            int leaked = shop.forgotten("orders");
            String unused = shop.service().awaitStderr(leaked + "@.* is leaked");
            Rulebook.assertNoMoreThan(shop, 0);
            assertThat(onlooker.state(leaked)).isEqualTo("idle");
            assertThat(shop.service().backends().preview())
                    .contains("rules: default", "rule default: report; matches 1", "report " + onlooker.id(leaked));
        }
    }

    @Test
    void a_statement_that_runs_for_too_long_is_cancelled_and_its_session_lives() {
        try (Shop shop = Shop.open(Shop.EAGER + ",active.after=1s,action=cancel,action.after=500ms")) {
            int pid = shop.held("orders");
            Running<Fate> fate = shop.fateOf("orders", "SELECT pg_sleep(60)");
            assertThat(fate.join(ServiceJvm.DEADLINE).toString()).contains("57014");
            assertThat(Rulebook.awaitReceipts(shop, 1))
                    .extracting(Receipt::action, Receipt::outcome)
                    .containsExactly(tuple("cancel", "CANCELLED"));
            assertThat(onlooker.state(pid)).isEqualTo("idle");
            shop.execute("orders", "SELECT 1");
        }
    }

    @Test
    void what_cannot_be_cancelled_is_terminated_later_where_the_rule_says_so(@TempDir Path folder) {
        Rulebook book = Rulebook.in(
                folder,
                "rule.stuck.match.verdict = stuck",
                "rule.stuck.action = cancel",
                "rule.stuck.escalate = 1s",
                "rule.stuck.after = 500ms");
        try (Shop shop = Shop.open(book.options(""))) {
            int pid = shop.held("orders");
            shop.begin("orders");
            assertThat(Rulebook.awaitReceipts(shop, 1))
                    .extracting(Receipt::action, Receipt::outcome, Receipt::by, Receipt::slotFreed)
                    .containsExactly(tuple("terminate", "GONE", "rule stuck", true));
            assertThat(onlooker.state(pid)).isEqualTo(Onlooker.GONE);
        }
    }

    @Test
    void a_probable_leak_is_left_alone_unless_a_rule_says_otherwise(@TempDir Path folder) {
        Rulebook book = Rulebook.in(folder, "rule.leaks.action = terminate", "rule.leaks.after = 500ms");
        try (Shop shop = Shop.open(book.options(""))) {
            int pid = shop.forgottenByWorker("orders");
            shop.awaitVerdict(pid, "leaked");
            Rulebook.assertNoMoreThan(shop, 0);
            assertThat(shop.service().backends().preview())
                    .contains(
                            "spare " + onlooker.id(pid),
                            "it is only probably so; confidence = probable would allow it");
            book.write("rule.leaks.action = terminate", "rule.leaks.after = 500ms", "rule.leaks.confidence = probable");
            assertThat(Rulebook.awaitReceipts(shop, 1))
                    .extracting(Receipt::outcome)
                    .containsExactly("GONE");
        }
    }

    @Test
    void a_preview_does_nothing() {
        try (Shop shop = Shop.open(Shop.EAGER + ",action=terminate,action.after=1h")) {
            BackendsMXBean bean = shop.bean();
            assertThat(bean.preview())
                    .contains(
                            "automatic actions are on",
                            "budget: 10 in 1 min, of which 10 are left",
                            "no backend is leaked or stuck",
                            "rule default: terminate, victims oldest, after 1 h; matches 0");
            int pid = shop.forgotten("orders");
            shop.awaitVerdict(pid, "leaked");
            String id = onlooker.id(pid);
            assertThat(bean.preview())
                    .contains(
                            "1 backends are leaked or stuck: 0 would be cancelled and 0 terminated now",
                            "  wait for " + id,
                            ", and must be for 1 h",
                            Orders.class.getName() + ".checkout(");
            assertThat(onlooker.sees(id)).isTrue();
            assertThat(bean.getReceipts()).isEmpty();
        }
    }

    @Test
    void a_preview_names_the_victims_while_the_switch_is_off() {
        try (Shop shop = Shop.open(Shop.EAGER + ",action=terminate,action.after=500ms")) {
            BackendsMXBean bean = shop.bean();
            bean.setAutomaticActions(false);
            int pid = shop.forgotten("orders");
            shop.awaitVerdict(pid, "leaked");
            String id = onlooker.id(pid);
            await().atMost(ServiceJvm.DEADLINE)
                    .untilAsserted(() -> assertThat(bean.preview())
                            .contains("automatic actions are OFF: nothing of this is done", "  TERMINATE " + id));
            assertThat(onlooker.sees(id)).isTrue();
            bean.setAutomaticActions(true);
            assertThat(Rulebook.awaitReceipts(shop, 1))
                    .extracting(Receipt::backend, Receipt::outcome)
                    .containsExactly(tuple(id, "GONE"));
        }
    }

    /** A machine that slept, or a JVM that was stopped: its owner had no time to return anything meanwhile. */
    @Test
    void a_long_pause_of_the_whole_service_does_not_count_for_a_verdict() throws Exception {
        try (Shop shop = Shop.open(Shop.EAGER + ",action=terminate,action.after=4s")) {
            int pid = shop.forgotten("orders");
            String unused = shop.service().awaitStderr(pid + "@.* is leaked");
            signal("STOP", shop.service().pid());
            try {
                onlooker.awaitAge(pid, Duration.ofSeconds(10));
            } finally {
                signal("CONT", shop.service().pid());
            }
            // Much longer than action.after has passed; a second of it while the service could look.
            shop.giveBack("orders");
            Rulebook.assertNoMoreThan(shop, 0);
            assertThat(shop.held("next")).isEqualTo(pid);
        }
    }

    private static void signal(String name, long pid) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }
}
