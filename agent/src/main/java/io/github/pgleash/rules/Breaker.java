// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.rules;

import io.github.pgleash.judge.Ages;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Notices that actions do not help: they fail; what leaks is leaked again at once, from the same place; the pool stays
 * empty all the same. Whoever acts on without seeing that does harm for nothing. Not for several threads.
 */
public final class Breaker {
    static final int FAILURES = 3;
    static final int LEAKS_AT_ONCE = 5;
    static final int ROUNDS_EMPTY = 10;
    static final Duration AT_ONCE = Duration.ofSeconds(10);

    private static final int FRAMES = 100;
    private static final int TIMES = 100;

    private final Map<String, Deque<Long>> takenBack = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Deque<Long>> eldest) {
            return size() > FRAMES;
        }
    };
    private final Map<String, Integer> leakedAtOnce = new LinkedHashMap<>();
    private int failures;
    private int roundsEmpty;
    private boolean waitsForRelief;
    private boolean emptySince;

    /**
     * A slot is about to be taken back from a leak.
     *
     * @param frame the application's frame that borrowed
     * @param borrowedNanos when
     * @return why to stop; null when there is no reason
     */
    public @Nullable String leaked(String frame, long borrowedNanos) {
        Deque<Long> times = takenBack.getOrDefault(frame, new ArrayDeque<>());
        boolean atOnce = times.stream().anyMatch(time -> isJustAfter(time, borrowedNanos));
        int inARow = atOnce ? leakedAtOnce.getOrDefault(frame, 0) + 1 : 0;
        leakedAtOnce.keySet().retainAll(takenBack.keySet());
        leakedAtOnce.put(frame, inARow);
        return inARow >= LEAKS_AT_ONCE
                ? "what is taken back is leaked again at once: " + inARow + " times in a row within "
                        + Ages.text(AT_ONCE) + ", at " + frame
                : null;
    }

    private static boolean isJustAfter(long time, long borrowedNanos) {
        long later = borrowedNanos - time;
        return later >= 0 && later <= AT_ONCE.toNanos();
    }

    /** A slot was taken back from a leak. */
    public void takenBack(String frame, long nowNanos) {
        Deque<Long> times = takenBack.computeIfAbsent(frame, first -> new ArrayDeque<>());
        times.addLast(nowNanos);
        if (times.size() > TIMES) {
            times.removeFirst();
        }
    }

    /**
     * An action has ended.
     *
     * @param helped null where nothing was done, since there was no reason any more
     * @return why to stop; null when there is no reason
     */
    public @Nullable String ended(@Nullable Boolean helped, String outcome) {
        if (helped != null) {
            failures = helped ? 0 : failures + 1;
        }
        return failures >= FAILURES ? failures + " actions in a row did not help, the last one: " + outcome : null;
    }

    /**
     * A round is over.
     *
     * @param acted whether slots were freed in it
     * @param exhausted whether a borrow has timed out since the last round
     * @return why to stop; null when there is no reason
     */
    public @Nullable String round(boolean acted, boolean exhausted) {
        emptySince |= exhausted;
        if (acted) {
            roundsEmpty = waitsForRelief && emptySince ? roundsEmpty + 1 : 0;
            waitsForRelief = true;
            emptySince = false;
        }
        return roundsEmpty >= ROUNDS_EMPTY
                ? "slots were freed in " + roundsEmpty + " rounds, and borrowers find the pool empty all the same"
                : null;
    }

    /** Somebody has looked into it, and wants it to go on. */
    public void reset() {
        takenBack.clear();
        leakedAtOnce.clear();
        failures = 0;
        roundsEmpty = 0;
        waitsForRelief = false;
        emptySince = false;
    }
}
