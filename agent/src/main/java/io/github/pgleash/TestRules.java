// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash;

import io.github.pgleash.rules.Decision;
import io.github.pgleash.rules.Listing;
import io.github.pgleash.rules.Measure;
import io.github.pgleash.rules.PlanText;
import io.github.pgleash.rules.Planner;
import io.github.pgleash.rules.Rule;
import io.github.pgleash.rules.RuleReader;
import io.github.pgleash.rules.RuleSyntax;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code java -jar pgleash.jar --test-rules RULES [LISTING]}: checks a rule file, and says what it would do with the
 * backends of a saved listing. Exit status 1, and one line, where one of the two cannot be read.
 */
final class TestRules {
    static final String ARGUMENT = "--test-rules";

    /** The defaults of {@code action.after} and {@code action.max}. */
    private static final Duration AFTER = Duration.ofMinutes(5);

    private static final int BUDGET = 10;

    private TestRules() {}

    static void run(String... arguments) {
        // Not System.exit: that is for whoever owns a JVM. One that ends with an exception says 1 as well.
        Thread.currentThread()
                .setUncaughtExceptionHandler((thread, wrong) -> System.err.println("pgleash: " + wrong.getMessage()));
        if (arguments.length < 2 || arguments.length > 3) {
            throw new Wrong("usage: java -jar pgleash.jar " + ARGUMENT + " RULES [LISTING]");
        }
        System.out.print(
                arguments.length == 2
                        ? checked(Path.of(arguments[1]))
                        : replayed(Path.of(arguments[1]), Path.of(arguments[2])));
    }

    private static String checked(Path rules) {
        return PlanText.of(rules(rules), List.of());
    }

    static String replayed(Path rules, Path listing) {
        List<Rule> all = rules(rules);
        List<Planner.Case> cases;
        try {
            cases = Listing.read(text(listing));
        } catch (RuleSyntax wrong) {
            throw new Wrong(listing + ": " + wrong.getMessage());
        }
        List<Decision> plan = Planner.plan(all, cases, BUDGET);
        return PlanText.summary(plan) + "\n\n" + PlanText.of(all, plan);
    }

    private static List<Rule> rules(Path file) {
        try {
            List<Rule> rules = new ArrayList<>(RuleReader.read(text(file), AFTER));
            rules.add(Rule.builtIn(Measure.REPORT, AFTER));
            return rules;
        } catch (RuleSyntax wrong) {
            throw new Wrong(file + ": " + wrong.getMessage());
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new Wrong(file + " cannot be read: " + unreadable);
        }
    }

    /** What the user got wrong, in one line. */
    private static final class Wrong extends RuntimeException {
        private static final long serialVersionUID = 1;

        Wrong(String message) {
            super(message, null, false, false);
        }
    }
}
