// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgleash.judge.Verdict.Confidence;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleReaderTest {
    private static final Duration AFTER = Duration.ofMinutes(5);

    @Test
    void a_rule_that_says_nothing_reports_the_oldest_certain_case_after_the_options_time() throws Exception {
        Rule rule = read("rule.reports.match.pool = orders").get(0);

        assertThat(rule.name()).isEqualTo("reports");
        assertThat(rule.measure()).isEqualTo(Measure.REPORT);
        assertThat(rule.victims()).isEqualTo(Victims.OLDEST);
        assertThat(rule.confidence()).isEqualTo(Confidence.CERTAIN);
        assertThat(rule.after()).isEqualTo(AFTER);
        assertThat(rule.escalate()).isZero();
        assertThat(rule.include()).isEmpty();
    }

    @Test
    void a_rule_says_all_that_can_be_said() throws Exception {
        Rule rule = read("""
                # what it is for
                ! as properties have it

                  rule.a-1.action=cancel
                rule.a-1.escalate = 2m
                rule.a-1.after    = 90s
                rule.a-1.victims  = all-but-oldest
                rule.a-1.confidence = probable
                rule.a-1.include = copy, migration
                rule.a-1.match.verdict = leaked, stuck
                rule.a-1.ignore.transactionAge = 1h
                """).get(0);

        assertThat(rule.measure()).isEqualTo(Measure.CANCEL);
        assertThat(rule.escalate()).isEqualTo(Duration.ofMinutes(2));
        assertThat(rule.after()).isEqualTo(Duration.ofSeconds(90));
        assertThat(rule.victims()).isEqualTo(Victims.ALL_BUT_OLDEST);
        assertThat(rule.confidence()).isEqualTo(Confidence.PROBABLE);
        assertThat(rule.include()).containsExactlyInAnyOrder(Exemption.COPY, Exemption.MIGRATION);
        assertThat(rule.match()).hasSize(1);
        assertThat(rule.ignore()).hasSize(1);
    }

    @Test
    void rules_have_the_order_in_which_they_begin() throws Exception {
        assertThat(read("rule.b.action=cancel\nrule.a.action=cancel\nrule.b.after=1s"))
                .extracting(Rule::name)
                .containsExactly("b", "a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "# nothing\r\n", "\uFEFF# with a mark of byte order"})
    void a_file_may_be_without_rules(String text) throws Exception {
        assertThat(read(text)).isEmpty();
    }

    @Test
    void a_backslash_is_a_backslash_and_an_equals_sign_may_stand_in_a_value() throws Exception {
        Rule rule = read("rule.a.match.query = \\bid\\s*=\\s*\\?").get(0);

        assertThat(rule.takes(Cases.leaked("a")
                        .with(Column.QUERY, "select x where id  = ?")
                        .candidate()))
                .isTrue();
        assertThat(rule.takes(Cases.leaked("a")
                        .with(Column.QUERY, "select x where bid = ?")
                        .candidate()))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rule.a.action = kill            | rule.a.action: write one of report, cancel, terminate",
                "rule.a.action =                 | rule.a.action: write one of report, cancel, terminate",
                "rule.a.actoin = cancel          | rule.a.actoin: no such key; there are action, after, escalate",
                "rule.a.after = 5                | rule.a.after: write a duration, for instance 500ms, 30s, 5m or 1h",
                "rule.a.after = -5s              | rule.a.after: write a duration",
                "rule.a.after = 99999999999999999999s | rule.a.after: write a duration",
                "rule.a.after = 99999999h        | rule.a.after: write a duration",
                "rule.a.victims = youngest       | rule.a.victims: write one of oldest, all, all-but-oldest",
                "rule.a.confidence = sure        | rule.a.confidence: write one of probable, certain",
                "rule.a.include = everything     | rule.a.include: write some of listen, advisory, xa, copy, migration",
                "rule.a.match.verdict = healthy  | rule.a.match.verdict: write one of leaked, stuck, orphaned",
                "rule.a.match.user = joe         | rule.a.match.user: nothing is matched by that name; there are verdict, server, usename",
                "rule.a.match.query = (          | rule.a.match.query: not a regular expression: Unclosed group near index 1",
                "rule.a.match.query =            | rule.a.match.query: write an expression of 1 to 1000 characters",
                "rule.a.ignore.borrowAge = old   | rule.a.ignore.borrowAge: write a duration",
                "rule.a.escalate = 2m            | rule.a.escalate needs rule.a.action = cancel",
                "rule.default.action = terminate | \"default\" is the rule of the options action and action.after",
                "rule.a b.action = cancel        | a rule's name is made of letters, digits, - and _",
                "rule..action = cancel           | a rule's name is made of letters",
                "rule.a = cancel                 | not rule.NAME.key = value",
                "action = terminate              | not rule.NAME.key = value",
                "rule.a.action                   | not rule.NAME.key = value",
            })
    void an_error_is_told_with_its_line_and_the_whole_file_is_refused(String line, String reason) {
        assertThatThrownBy(() -> read("rule.good.action = terminate\n\n" + line))
                .isInstanceOf(RuleSyntax.class)
                .hasMessageStartingWith("line 3: " + reason);
    }

    @Test
    void a_key_that_is_there_twice_is_an_error() {
        assertThatThrownBy(() -> read("rule.a.after = 1s\nrule.a.after = 2s"))
                .hasMessage("line 2: rule.a.after is there twice");
    }

    @Test
    void a_hundred_rules_are_enough() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i <= 100; i++) {
            text.append("rule.r").append(i).append(".action = cancel\n");
        }
        assertThatThrownBy(() -> read(text.toString())).hasMessageContaining("more than 100 rules");
    }

    private static List<Rule> read(String text) throws RuleSyntax {
        return RuleReader.read(text, AFTER);
    }
}
