// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.rules;

import io.github.pgleash.judge.Verdict;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A backend that is leaked or stuck, as rules see it.
 *
 * @param backend its id
 * @param texts as they may be shown; what is not known is left out
 * @param ages what is not known is left out; without that of a borrow, nobody is known to have it
 * @param lender tells pools apart, also those of one name
 * @param lent how many connections that pool has lent at this moment
 */
public record Candidate(
        String backend,
        Key key,
        Verdict verdict,
        Map<Column, String> texts,
        Map<Age, Duration> ages,
        Set<Exemption> exemptions,
        String lender,
        int lent) {
    private static final int LONGEST_TEXT = 1_000;
    private static final String ACTIVE = "active";

    public Candidate {
        Map<Column, String> plain = new EnumMap<>(Column.class);
        texts.forEach((column, text) -> plain.put(column, plain(text)));
        texts = Map.copyOf(plain);
        ages = Map.copyOf(ages);
        exemptions = exemptions.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(exemptions));
    }

    /** One line, and short enough to be matched in no time. */
    private static String plain(String text) {
        StringBuilder plain = new StringBuilder(Math.min(text.length(), LONGEST_TEXT));
        for (int i = 0; i < text.length() && plain.length() < LONGEST_TEXT; i++) {
            char c = text.charAt(i);
            plain.append(Character.isISOControl(c) ? ' ' : c);
        }
        return plain.toString().strip();
    }

    public @Nullable String text(Column column) {
        return texts.get(column);
    }

    public @Nullable Duration age(Age age) {
        return ages.get(age);
    }

    public boolean isBorrowed() {
        return ages.containsKey(Age.BORROW);
    }

    /** Whether there is a statement to cancel. */
    boolean isActive() {
        return ACTIVE.equals(text(Column.STATE));
    }

    /** By which the oldest is found: a leak counts from its borrow, what is stuck from its transaction or state. */
    Duration oldness() {
        Duration longest = Duration.ZERO;
        for (Age age :
                verdict.kind() == Verdict.Kind.LEAKED ? Set.of(Age.BORROW) : Set.of(Age.TRANSACTION, Age.STATE)) {
            Duration known = ages.get(age);
            longest = known != null && known.compareTo(longest) > 0 ? known : longest;
        }
        return longest;
    }
}
