// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.HostileText;
import io.github.pgleash.LineRules;
import io.github.pgleash.rules.Planner.Case;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rule files and listings as nobody should write them: refused with a line and a reason, or understood. */
class HostileRulesTest {
    private static final int FILES = 20_000;
    private static final int LISTINGS = 10_000;
    private static final int PLANS = 2_000;
    private static final int LONGEST = 600;

    private final HostileText text = new HostileText();

    @Test
    void a_rule_file_is_refused_in_one_line_or_understood() {
        int understood = 0;
        for (int i = 0; i < FILES; i++) {
            understood += rules(file()).isEmpty() ? 0 : 1;
        }
        assertThat(understood).as("understood, " + text.seed()).isBetween(FILES / 50, FILES - FILES / 50);
        System.out.println(FILES + " hostile rule files, " + understood + " understood, " + text.seed());
    }

    @Test
    void what_is_understood_can_be_planned_with_whatever_backends_there_are() {
        int planned = 0;
        while (planned < PLANS) {
            List<Rule> rules = rules(file());
            if (!rules.isEmpty()) {
                planned++;
                List<Case> cases = List.of(backend(), backend(), backend());
                List<Decision> plan = Planner.plan(rules, cases, 10);
                assertThat(plan).as(text.seed()).hasSameSizeAs(cases);
                assertThat(PlanText.of(rules, plan)).isNotEmpty();
            }
        }
    }

    @Test
    void a_listing_is_refused_in_one_line_or_read() {
        for (int i = 0; i < LISTINGS; i++) {
            try {
                List<Case> unused = Listing.read(listing());
            } catch (RuleSyntax refused) {
                assertLine(refused);
            }
        }
        System.out.println(LISTINGS + " hostile listings, " + text.seed());
    }

    private List<Rule> rules(String file) {
        try {
            return RuleReader.read(file, Duration.ofMinutes(5));
        } catch (RuleSyntax refused) {
            assertLine(refused);
            return List.of();
        }
    }

    private void assertLine(RuleSyntax refused) {
        String message = String.valueOf(refused.getMessage());
        assertThat(message).as(text.seed()).startsWith("line ");
        assertThat(LineRules.trouble(message, LONGEST)).as(message).isNull();
    }

    private String file() {
        List<String> lines = new ArrayList<>();
        int count = text.random().nextInt(5);
        for (int i = 0; i <= count; i++) {
            lines.add(text.random().nextInt(8) == 0 ? text.next() : "rule." + name() + "." + key() + " = " + value());
        }
        return String.join(text.oneOf("\n", "\r\n", "\n\n"), lines);
    }

    private String name() {
        return text.random().nextInt(10) == 0 ? text.next() : text.oneOf("a", "b", "reports", "default");
    }

    private String key() {
        return text.oneOf(
                "match.verdict",
                "match.query",
                "ignore.pool",
                "match.borrowAge",
                "match.owner",
                "action",
                "after",
                "victims",
                "confidence",
                "include",
                "escalate",
                text.piece(),
                "match." + text.piece());
    }

    private String value() {
        return text.oneOf(
                "leaked",
                "stuck,leaked",
                "terminate",
                "cancel",
                "5m",
                "all",
                "probable",
                "listen,xa",
                "(a+)+$",
                "(?i)\\bfrom\\s+stock\\b",
                "(((((.*)*)*)*)*)x",
                text.next());
    }

    private Case backend() {
        return Cases.leaked(text.next())
                .with(Column.QUERY, text.random().nextBoolean() ? "a".repeat(5_000) + "!" : text.next())
                .with(Column.OWNER, text.next())
                .with(Column.POOL, text.next())
                .make();
    }

    private String listing() {
        StringBuilder lines = new StringBuilder();
        int count = text.random().nextInt(8);
        for (int i = 0; i <= count; i++) {
            lines.append(text.oneOf("backend", "verdict", "stood", "exempt", "lent", "pool", "borrowAge", text.piece()))
                    .append(text.oneOf("=", " = ", "", "=="))
                    .append(text.oneOf("leaked", "5m", "1", "-1", "99999999999999999999", "xa", text.next()))
                    .append(text.oneOf("\n", "\r\n", "\n\n"));
        }
        return lines.toString();
    }
}
