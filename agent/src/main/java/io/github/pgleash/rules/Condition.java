// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.rules;

import io.github.pgleash.judge.Verdict;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;

/** One line {@code match.…} or {@code ignore.…} of a rule. What is not known of a backend fits no condition. */
sealed interface Condition {
    /** @throws TooSlow when an expression takes too many steps to say */
    boolean fits(Candidate candidate) throws TooSlow;

    record VerdictIs(Set<Verdict.Kind> kinds) implements Condition {
        @Override
        public boolean fits(Candidate candidate) {
            return kinds.contains(candidate.verdict().kind());
        }
    }

    /** The expression is found somewhere in the text. */
    record TextHas(Column column, Pattern expression) implements Condition {
        @Override
        public boolean fits(Candidate candidate) throws TooSlow {
            String text = candidate.text(column);
            return text != null && CountedText.find(expression, text);
        }
    }

    record AtLeast(Age age, Duration least) implements Condition {
        @Override
        public boolean fits(Candidate candidate) {
            Duration known = candidate.age(age);
            return known != null && known.compareTo(least) >= 0;
        }
    }
}
