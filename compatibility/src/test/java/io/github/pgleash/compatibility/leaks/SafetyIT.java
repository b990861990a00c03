// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.leaks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.github.pgleash.compatibility.observe.Onlooker;
import io.github.pgleash.compatibility.server.OwnProcess;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.jmx.BackendsMXBean;
import io.github.pgleash.jmx.Receipt;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

/** What holds automatic clean-up back: budget, half of a pool, breaker, switch, exemptions, and a second look. */
final class SafetyIT {
    private static final String[] ALL = {
        "rule.all.action = terminate",
        "rule.all.victims = all",
        "rule.all.after = 1s",
        "rule.all.confidence = probable",
    };

    private final PostgresServer server = PostgresServers.shared();
    private final Onlooker onlooker = new Onlooker(server);

    @TempDir
    private Path folder;

    @Test
    void no_more_than_half_of_a_pool_is_ended_in_one_patrol() {
        Rulebook book = Rulebook.in(folder, ALL);
        try (Shop shop =
                Shop.open("app=shop,leak.after=1s,idleInTransaction.after=0,patrol.interval=3s,rules=" + book.file())) {
            for (String name : List.of("a", "b", "c", "d")) {
                shop.forgotten(name);
            }
            List<Receipt> receipts = Rulebook.awaitReceipts(shop, 4);
            assertThat(receipts).extracting(Receipt::outcome).containsOnly("GONE");
            // Two of four, then one of two, then the last.
            List<Duration> pauses = new ArrayList<>();
            for (int i = 1; i < 4; i++) {
                pauses.add(Duration.between(
                        Instant.parse(receipts.get(i - 1).time()),
                        Instant.parse(receipts.get(i).time())));
            }
            assertThat(pauses.get(0)).isLessThan(Duration.ofSeconds(2));
            assertThat(pauses.get(1)).isGreaterThan(Duration.ofSeconds(2));
            assertThat(pauses.get(2)).isGreaterThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void the_budget_holds_for_all_rules() {
        Rulebook book = Rulebook.in(folder, ALL);
        try (Shop shop = Shop.open(book.options(",action.max=2/1h"))) {
            for (String name : List.of("a", "b", "c")) {
                shop.forgotten(name);
            }
            Rulebook.awaitReceipts(shop, 2);
            Rulebook.assertNoMoreThan(shop, 2);
            assertThat(shop.service().backends().preview())
                    .contains("budget: 2 in 1 h, of which 0 are left", "it is beyond the budget, action.max");
        }
    }

    @Test
    void what_is_leaked_again_at_once_stops_it_until_somebody_has_looked_into_it() throws Exception {
        String options = Shop.EAGER + ",action=terminate,action.after=0,action.max=1000/1m";
        try (Shop shop = Shop.open(ServiceJvm.plan().agent(options), 2, 2);
                Listener listener = listener(shop)) {
            BackendsMXBean bean = shop.bean();
            shop.leaking("orders");
            await("the breaker").atMost(Duration.ofMinutes(1)).until(() -> !bean.isAutomaticActions());
            long terminated = bean.getTerminated();
            assertThat(terminated).isBetween(5L, 12L);
            assertThat(bean.getProblems())
                    .singleElement()
                    .asString()
                    .contains("automatic clean-up: has stopped itself: what is taken back is leaked again at once: "
                            + "5 times in a row within 10 s, at " + Orders.class.getName())
                    .endsWith("look into it, then set AutomaticActions to false and to true again");
            listener.awaits("halted", "leaked again at once");
            Rulebook.assertNoMoreThan(shop, (int) terminated);
            assertThat(bean.preview()).contains("automatic actions are OFF");

            bean.setAutomaticActions(false);
            bean.setAutomaticActions(true);
            await().atMost(ServiceJvm.DEADLINE).until(() -> bean.getTerminated() > terminated);
            shop.end("orders");
        }
    }

    @Test
    void actions_that_do_not_end_anything_stop_it() {
        OwnProcess process = server.requireOwnProcess();
        String options = Shop.EAGER + ",action=terminate,action.after=0";
        List<Integer> frozen = new ArrayList<>();
        try (Shop shop = Shop.open(options)) {
            BackendsMXBean bean = shop.bean();
            bean.setAutomaticActions(false);
            for (String name : List.of("a", "b", "c", "d")) {
                frozen.add(shop.forgotten(name));
            }
            for (int pid : frozen) {
                shop.awaitVerdict(pid, "leaked");
                process.freeze(pid);
            }
            bean.setAutomaticActions(true);
            assertThat(Rulebook.awaitReceipts(shop, 3))
                    .extracting(Receipt::outcome)
                    .containsExactly("STILL_THERE", "STILL_THERE", "STILL_THERE");
            Rulebook.assertNoMoreThan(shop, 3);
            assertThat(bean.isAutomaticActions()).isFalse();
            assertThat(bean.getProblems())
                    .anyMatch(
                            problem -> problem.contains("3 actions in a row did not help, the last one: STILL_THERE"));
        } finally {
            frozen.forEach(process::thaw);
        }
    }

    @Test
    void switched_off_between_two_backends_it_stops_at_once() {
        OwnProcess process = server.requireOwnProcess();
        Rulebook book = Rulebook.in(folder, ALL);
        try (Shop shop = Shop.open(book.options(""))) {
            BackendsMXBean bean = shop.bean();
            List<Integer> pids = fourLeaks(shop, bean);
            process.freeze(pids.get(0));
            try {
                bean.setAutomaticActions(true);
                awaitActing();
                bean.setAutomaticActions(false);
            } finally {
                process.thaw(pids.get(0));
            }
            Rulebook.awaitReceipts(shop, 1);
            Rulebook.assertNoMoreThan(shop, 1);
            assertThat(onlooker.state(pids.get(1))).isEqualTo("idle");
            assertThat(shop.service().stderr())
                    .anyMatch(line -> line.contains("automatic clean-up was switched off by unauthenticated ("));
        }
    }

    @Test
    void what_was_returned_between_judging_and_acting_is_spared() {
        OwnProcess process = server.requireOwnProcess();
        Rulebook book = Rulebook.in(folder, ALL);
        try (Shop shop = Shop.open(book.options(""))) {
            BackendsMXBean bean = shop.bean();
            List<Integer> pids = fourLeaks(shop, bean);
            process.freeze(pids.get(0));
            try {
                bean.setAutomaticActions(true);
                awaitActing();
                shop.giveBack("b");
                assertThat(shop.held("next")).isEqualTo(pids.get(1));
            } finally {
                process.thaw(pids.get(0));
            }
            assertThat(Rulebook.awaitReceipts(shop, 2).get(1))
                    .extracting(Receipt::outcome, Receipt::reason)
                    .containsExactly("REFUSED", "it was returned to its pool since it was judged");
            shop.execute("next", "SELECT 1");
            assertThat(bean.isAutomaticActions()).isTrue();
        }
    }

    @Test
    void what_moved_on_between_judging_and_acting_is_spared() {
        OwnProcess process = server.requireOwnProcess();
        Rulebook book = Rulebook.in(folder, ALL);
        try (Shop shop = Shop.open(book.options(""))) {
            BackendsMXBean bean = shop.bean();
            List<Integer> pids = fourLeaks(shop, bean);
            process.freeze(pids.get(0));
            try {
                bean.setAutomaticActions(true);
                awaitActing();
                shop.execute("b", "SELECT 1");
            } finally {
                process.thaw(pids.get(0));
            }
            assertThat(Rulebook.awaitReceipts(shop, 2).get(1))
                    .extracting(Receipt::outcome, Receipt::reason)
                    .containsExactly("REFUSED", "it went on to something else since it was judged");
            shop.execute("b", "SELECT 1");
        }
    }

    @Test
    void what_serves_a_purpose_is_exempt_beside_one_that_does_not() {
        Rulebook book = Rulebook.in(folder, ALL);
        try (Shop shop = Shop.open(book.options(",active.after=1s"))) {
            BackendsMXBean bean = shop.bean();
            bean.setAutomaticActions(false);
            List<Integer> exempt = List.of(
                    stuck(shop, "advisory", "SELECT pg_advisory_xact_lock(4713)"),
                    stuck(shop, "listen", "/* news */ LISTEN news"),
                    stuck(shop, "migration", "SELECT 1 AS databasechangelog"),
                    copying(shop));
            int plain = stuck(shop, "plain", "SELECT 1");
            for (int pid : exempt) {
                shop.awaitVerdict(pid, "stuck");
            }
            shop.awaitVerdict(plain, "stuck");
            assertThat(bean.preview())
                    .contains(
                            "it is exempt, since it holds an advisory lock; include = advisory would allow it",
                            "it is exempt, since it listens for notifications",
                            "it is exempt, since it belongs to a migration",
                            "it is exempt, since it runs COPY");
            bean.setAutomaticActions(true);
            assertThat(Rulebook.awaitReceipts(shop, 1))
                    .extracting(Receipt::backend, Receipt::outcome)
                    .containsExactly(tuple(receiptId(bean, plain), "GONE"));
            Rulebook.assertNoMoreThan(shop, 1);
            assertThat(exempt).allSatisfy(pid -> assertThat(onlooker.state(pid)).isNotEqualTo(Onlooker.GONE));

            // Named, they are not exempt any more.
            List<String> lines = new ArrayList<>(List.of(ALL));
            lines.add("rule.all.include = copy, listen, advisory, migration");
            book.write(lines.toArray(new String[0]));
            assertThat(Rulebook.awaitReceipts(shop, 5))
                    .extracting(Receipt::outcome)
                    .containsOnly("GONE");
        }
    }

    private Listener listener(Shop shop) throws IOException {
        shop.bean();
        return Listener.to(shop.service(), folder);
    }

    private static String receiptId(BackendsMXBean bean, int pid) {
        for (Receipt receipt : bean.getReceipts()) {
            if (receipt.backend().startsWith(pid + "@")) {
                return receipt.backend();
            }
        }
        throw new AssertionError("no receipt for " + pid);
    }

    private static int stuck(Shop shop, String name, String sql) {
        int pid = shop.held(name);
        shop.begin(name);
        shop.execute(name, sql);
        return pid;
    }

    private static int copying(Shop shop) {
        int pid = shop.held("copy");
        shop.execute("copy", "CREATE TEMPORARY TABLE loaded(a int)");
        shop.service()
                .run(stage -> stage.put(
                        "the copy",
                        stage.connection("copy")
                                .unwrap(PGConnection.class)
                                .getCopyAPI()
                                .copyIn("COPY loaded FROM STDIN")));
        return pid;
    }

    /** The first two are the oldest, and the most of four; the second may still be returned. All of long standing. */
    private static List<Integer> fourLeaks(Shop shop, BackendsMXBean bean) {
        bean.setAutomaticActions(false);
        List<Integer> pids = new ArrayList<>(List.of(shop.forgotten("a"), shop.forgottenByWorker("b")));
        pids.add(shop.forgotten("c"));
        pids.add(shop.forgotten("d"));
        for (int pid : pids) {
            shop.awaitVerdict(pid, "leaked");
        }
        await().atMost(ServiceJvm.DEADLINE)
                .untilAsserted(() -> assertThat(bean.preview()).contains("0 would be cancelled and 2 terminated now"));
        return pids;
    }

    private void awaitActing() {
        server.requireAtLeast(14);
        onlooker.awaitTermination();
    }
}
