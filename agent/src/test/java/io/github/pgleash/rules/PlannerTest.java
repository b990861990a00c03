// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.rules.Decision.Fate;
import io.github.pgleash.rules.Planner.Case;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PlannerTest {
    private static final Duration AFTER = Duration.ofMinutes(5);
    private static final String TERMINATES_ALL = "rule.r.action = terminate\nrule.r.victims = all";

    @ParameterizedTest
    @CsvSource({
        "verdict=leaked, a",
        "verdict=stuck, b",
        "'verdict=leaked,stuck', a b",
        "pool=^orders$, a",
        "pool=^ord, a b",
        "pool=nothing, ",
        "server=:5432$, a b",
        "usename=^app$, a b",
        "datname=shop, a b",
        "state=^active$, b",
        "query=(?i)UPDATE, b",
        "owner=^report-, a b",
        "borrowedFrom=Report\\.monthly, a b",
        "borrowAge=10m, a b",
        "borrowAge=11m, b",
        "stateAge=20m, ",
        "transactionAge=1s, b",
        "statementAge=1s, ",
    })
    void a_rule_matches_by_what_the_list_shows(String condition, String matched) throws Exception {
        String[] parts = condition.split("=", 2);
        Case a = Cases.leaked("a").make();
        Case b = Cases.stuck("b")
                .minutes(20)
                .with(Column.POOL, "orders-2")
                .with(Column.QUERY, "update t set a = ?")
                .with(Age.TRANSACTION, Duration.ofMinutes(1))
                .make();
        List<String> expected = matched == null ? List.of() : Arrays.asList(matched.split(" "));

        assertThat(acted(TERMINATES_ALL + "\nrule.r.match." + parts[0] + " = " + parts[1], a, b))
                .containsExactlyInAnyOrderElementsOf(expected);
        List<String> others = new ArrayList<>(List.of("a", "b"));
        others.removeAll(expected);
        assertThat(acted(TERMINATES_ALL + "\nrule.r.ignore." + parts[0] + " = " + parts[1], a, b))
                .containsExactlyInAnyOrderElementsOf(others);
    }

    @Test
    void all_conditions_of_a_match_must_fit_and_one_of_ignore_is_enough() throws Exception {
        String rules = TERMINATES_ALL + """

                rule.r.match.pool = orders
                rule.r.match.usename = app
                rule.r.ignore.owner = batch
                rule.r.ignore.datname = audit
                """;
        assertThat(acted(
                        rules,
                        Cases.leaked("fits").make(),
                        Cases.leaked("other role").with(Column.USENAME, "dba").make(),
                        Cases.leaked("batch").with(Column.OWNER, "batch-1 #7").make(),
                        Cases.leaked("audit").with(Column.DATNAME, "audit").make()))
                .containsExactly("fits");
    }

    @Test
    void what_is_not_known_fits_nothing() throws Exception {
        Case unknown = Cases.leaked("a").without(Column.BORROWED_FROM).make();

        assertThat(acted(TERMINATES_ALL + "\nrule.r.match.borrowedFrom = .*", unknown))
                .isEmpty();
        assertThat(acted(TERMINATES_ALL + "\nrule.r.ignore.borrowedFrom = .*", unknown))
                .containsExactly("a");
    }

    @Test
    void the_first_rule_that_takes_a_backend_decides_about_it() throws Exception {
        String rules = """
                rule.protect.match.owner = batch
                rule.kill.action = terminate
                rule.kill.victims = all
                """;
        List<Decision> plan = plan(
                rules,
                10,
                Cases.leaked("a").make(),
                Cases.leaked("b").with(Column.OWNER, "batch-1 #7").make());

        assertThat(plan)
                .extracting(one -> one.candidate().backend() + " " + one.rule() + " " + one.fate())
                .containsExactlyInAnyOrder("a kill TERMINATE", "b protect REPORT");
    }

    @Test
    void what_a_rule_ignores_goes_to_the_next() throws Exception {
        List<Decision> plan = plan(
                "rule.a.ignore.pool = orders\nrule.b.match.pool = orders",
                10,
                Cases.leaked("a").make());
        assertThat(plan).extracting(Decision::rule).containsExactly("b");
    }

    @ParameterizedTest
    @CsvSource({"oldest, a", "all, a b c", "all-but-oldest, b c"})
    void victims(String victims, String acted) throws Exception {
        assertThat(acted(
                        "rule.r.action = terminate\nrule.r.victims = " + victims,
                        Cases.leaked("c").minutes(7).ofPoolThatHasLent(8).make(),
                        Cases.leaked("a").minutes(9).ofPoolThatHasLent(8).make(),
                        Cases.leaked("b").minutes(8).ofPoolThatHasLent(8).make()))
                .containsExactly(acted.split(" "));
    }

    @Test
    void the_oldest_is_found_among_those_that_may_be_acted_upon() throws Exception {
        assertThat(acted(
                        "rule.r.action = terminate",
                        Cases.leaked("exempt").minutes(9).with(Exemption.COPY).make(),
                        Cases.leaked("probable").minutes(8).probably().make(),
                        Cases.leaked("a").minutes(7).make()))
                .containsExactly("a");
    }

    @Test
    void while_the_oldest_still_waits_a_younger_one_is_not_taken_in_its_place() throws Exception {
        assertThat(acted(
                        "rule.r.action = terminate",
                        Cases.leaked("flickering")
                                .minutes(9)
                                .standing(Duration.ofSeconds(1))
                                .make(),
                        Cases.leaked("a").minutes(7).make()))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"299, WAIT", "300, TERMINATE", "301, TERMINATE"})
    void a_verdict_must_have_stood(int seconds, Fate fate) throws Exception {
        List<Decision> plan = plan(
                "rule.r.action = terminate",
                10,
                Cases.leaked("a").standing(Duration.ofSeconds(seconds)).make());

        assertThat(plan).extracting(Decision::fate).containsExactly(fate);
    }

    @ParameterizedTest
    @EnumSource(Exemption.class)
    void exemptions_hold_unless_a_rule_includes_them(Exemption exemption) throws Exception {
        Case exempt = Cases.stuck("a").with(exemption).make();

        List<Decision> spared = plan("rule.r.action = terminate", 10, exempt);
        assertThat(spared).extracting(Decision::fate).containsExactly(Fate.SPARE);
        assertThat(spared.get(0).why())
                .startsWith("is exempt, since it ")
                .endsWith("; include = " + exemption.key() + " would allow it");
        assertThat(acted("rule.r.action = terminate\nrule.r.include = " + exemption.key(), exempt))
                .containsExactly("a");
    }

    @Test
    void what_nobody_has_borrowed_is_spared_by_every_rule() throws Exception {
        String boldest = TERMINATES_ALL
                + "\nrule.r.after = 0\nrule.r.confidence = probable\nrule.r.include = listen,advisory,xa,copy,migration";
        assertThat(acted(boldest, Cases.stuck("a").borrowedByNobody().make())).isEmpty();
    }

    @Test
    void what_is_only_probable_needs_a_rule_that_says_so() throws Exception {
        Case probable = Cases.leaked("a").probably().make();

        assertThat(acted("rule.r.action = terminate", probable)).isEmpty();
        assertThat(acted("rule.r.action = terminate\nrule.r.confidence = probable", probable))
                .containsExactly("a");
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "3, 1", "4, 2", "9, 4", "10, 5"})
    void no_more_than_half_of_a_pool_in_one_patrol_but_at_least_one(int lent, int most) throws Exception {
        Case[] all = new Case[lent];
        for (int i = 0; i < lent; i++) {
            all[i] = Cases.leaked("a" + i).ofPoolThatHasLent(lent).make();
        }
        assertThat(acted(TERMINATES_ALL, all)).hasSize(most);
    }

    @Test
    void each_pool_has_its_own_half() throws Exception {
        assertThat(acted(
                        TERMINATES_ALL,
                        Cases.leaked("a").make(),
                        Cases.leaked("b").make(),
                        Cases.leaked("c").with(Column.POOL, "stock").make()))
                .containsExactlyInAnyOrder("a", "c");
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "2, 2", "-3, 0"})
    void the_budget_is_one_for_all_rules(int budget, int acted) throws Exception {
        String rules = "rule.a.action = terminate\nrule.a.match.pool = 0|1\nrule.a.victims=all\n"
                + "rule.b.action = cancel\nrule.b.victims=all";
        Case[] all = Stream.of("0", "1", "2", "3")
                .map(pool -> Cases.stuck(pool).with(Column.POOL, pool).make())
                .toArray(Case[]::new);

        assertThat(plan(rules, budget, all).stream().filter(one -> one.fate().isAction()))
                .hasSize(acted);
    }

    @Test
    void a_cancel_needs_a_statement() throws Exception {
        List<Decision> plan = plan(
                "rule.r.action = cancel\nrule.r.victims = all",
                10,
                Cases.leaked("idle").make());

        assertThat(plan).extracting(Decision::fate).containsExactly(Fate.SPARE);
        assertThat(plan.get(0).why()).isEqualTo("runs no statement that could be cancelled");
        assertThat(plan("rule.r.action = cancel", 10, Cases.stuck("active").make()))
                .extracting(Decision::fate)
                .containsExactly(Fate.CANCEL);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "active, 299, -,   WAIT",
                "active, 300, -,   CANCEL",
                "active, 900, -,   CANCEL",
                "active, 419, 300, WAIT",
                "active, 420, 300, TERMINATE",
                "idle in transaction, 300, -, WAIT",
                "idle in transaction, 419, -, WAIT",
                "idle in transaction, 420, -, TERMINATE",
            })
    void a_cancel_that_did_not_help_escalates(String state, int stood, Integer cancelled, Fate fate) throws Exception {
        Case one = Cases.stuck("a")
                .with(Column.STATE, state)
                .standing(new Standing(
                        Duration.ofSeconds(stood), cancelled == null ? null : Duration.ofSeconds(cancelled), null))
                .make();

        assertThat(plan("rule.r.action = cancel\nrule.r.escalate = 2m", 10, one))
                .extracting(Decision::fate)
                .containsExactly(fate);
    }

    @ParameterizedTest
    @CsvSource({"1s, 59, SPARE", "1s, 60, TERMINATE", "5m, 299, SPARE", "5m, 300, TERMINATE"})
    void what_did_not_help_is_tried_again_after_a_pause(String after, int since, Fate fate) throws Exception {
        Duration tried = Duration.ofHours(1);
        Case one = Cases.leaked("a")
                .standing(new Standing(tried.plusSeconds(since), null, tried))
                .make();

        assertThat(plan("rule.r.action = terminate\nrule.r.after = " + after, 10, one))
                .extracting(Decision::fate)
                .containsExactly(fate);
    }

    @Test
    void the_options_rule_takes_what_the_others_leave() throws Exception {
        List<Rule> rules = new ArrayList<>(RuleReader.read("rule.r.match.pool = stock", AFTER));
        rules.add(Rule.builtIn(Measure.TERMINATE, AFTER));

        assertThat(Planner.plan(rules, List.of(Cases.leaked("a").make()), 10))
                .extracting(one -> one.rule() + " " + one.fate())
                .containsExactly("default TERMINATE");
    }

    @Test
    void without_a_rule_that_takes_it_nothing_happens() throws Exception {
        assertThat(plan("rule.r.match.pool = stock", 10, Cases.leaked("a").make()))
                .extracting(one -> one.rule() + one.fate() + " " + one.why())
                .containsExactly("SPARE is matched by no rule");
    }

    @ParameterizedTest
    @CsvSource({"match", "ignore"})
    void an_expression_that_never_ends_spares_the_backend(String side) throws Exception {
        String rules = "rule.slow.action = terminate\nrule.slow." + side + ".query = (x+x+)+y\n"
                + "rule.next.action = terminate\n";
        Case one = Cases.leaked("a").with(Column.QUERY, "x".repeat(200)).make();

        long began = System.nanoTime();
        List<Decision> plan = plan(rules, 10, one);

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
        assertThat(plan).extracting(Decision::fate).containsExactly(Fate.SPARE);
        assertThat(plan.get(0).rule()).isEqualTo("slow");
        assertThat(plan.get(0).why()).isEqualTo("is left alone: the expression (x+x+)+y takes too long on this text");
    }

    @Test
    void an_expression_that_needs_a_deep_stack_spares_the_backend() throws Exception {
        Case one = Cases.leaked("a").with(Column.QUERY, "ab".repeat(500)).make();
        String rules = TERMINATES_ALL + "\nrule.r.match.query = ((((a|b)|c)|d)*)*$";

        assertThat(onSmallStack(() -> plan(rules, 10, one)))
                .extracting(Decision::fate)
                .containsExactly(Fate.SPARE);
    }

    @Test
    void a_rule_is_asked_once_more_before_it_acts() throws Exception {
        Rule rule = RuleReader.read("rule.r.action = terminate\nrule.r.match.state = idle$", AFTER)
                .get(0);

        assertThat(Planner.objection(rule, Cases.leaked("a").candidate())).isEmpty();
        assertThat(Planner.objection(
                        rule, Cases.leaked("a").with(Column.STATE, "active").candidate()))
                .isEqualTo("is not matched by the rule any more");
        assertThat(Planner.objection(rule, Cases.leaked("a").with(Exemption.XA).candidate()))
                .startsWith("is exempt");
        assertThat(Planner.objection(rule, Cases.leaked("a").probably().candidate()))
                .startsWith("is only probably so");
    }

    private static <T> T onSmallStack(Callable<T> work) throws Exception {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(null, task, "small", 144 * 1024);
        thread.start();
        return task.get();
    }

    private static List<String> acted(String rules, Case... cases) throws RuleSyntax {
        return plan(rules, 100, cases).stream()
                .filter(one -> one.fate().isAction())
                .map(one -> one.candidate().backend())
                .toList();
    }

    private static List<Decision> plan(String rules, int budget, Case... cases) throws RuleSyntax {
        return Planner.plan(RuleReader.read(rules, AFTER), List.of(cases), budget);
    }
}
