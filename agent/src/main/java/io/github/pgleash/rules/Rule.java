// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.rules;

import io.github.pgleash.judge.Verdict.Confidence;
import io.github.pgleash.judge.Verdict.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * One rule: which backends, and what is done with them.
 *
 * @param match all of them must fit
 * @param ignore none of them may fit
 * @param confidence the least that is needed to act
 * @param include exemptions that do not count
 * @param after how long a verdict must have stood
 * @param escalate how long after a cancel that did not help the backend is terminated; zero is never
 */
public record Rule(
        String name,
        List<Condition> match,
        List<Condition> ignore,
        Confidence confidence,
        Set<Exemption> include,
        Victims victims,
        Measure measure,
        Duration after,
        Duration escalate) {
    /** The name of the rule that the options make. */
    public static final String BUILT_IN = "default";

    public Rule {
        match = List.copyOf(match);
        ignore = List.copyOf(ignore);
        include = Set.copyOf(include);
    }

    /** What the options {@code action} and {@code action.after} say: everything leaked or stuck, one at a time. */
    public static Rule builtIn(Measure measure, Duration after) {
        return new Rule(
                BUILT_IN,
                List.of(),
                List.of(),
                Confidence.CERTAIN,
                Set.of(),
                Victims.OLDEST,
                measure,
                after,
                Duration.ZERO);
    }

    /** Whether it is this rule that decides about the backend; ignore wins over match. */
    boolean takes(Candidate candidate) throws TooSlow {
        if (candidate.verdict().kind() == Kind.HEALTHY) {
            return false;
        }
        for (Condition condition : match) {
            if (!condition.fits(candidate)) {
                return false;
            }
        }
        for (Condition condition : ignore) {
            if (condition.fits(candidate)) {
                return false;
            }
        }
        return true;
    }
}
