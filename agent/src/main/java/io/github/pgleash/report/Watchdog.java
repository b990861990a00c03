// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.report;

import io.github.pgleash.act.Problems;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;

/**
 * Tells when the patrol hangs. It has no thread of its own: whoever reads {@code Problems} finds out, and so it gets
 * into the log; else the patrol itself says so once it goes on. The patrol marks, any thread checks.
 */
public final class Watchdog {
    /** Longer than all waits of one round that are bounded. */
    private static final Duration LONGEST_ROUND = Duration.ofMinutes(1);

    private static final String SUBJECT = "patrol hangs";
    private static final String PAUSE = "its pause";

    private final Problems problems;
    private final Duration longestPause;
    private final LongSupplier nanoTime;
    private Mark mark;
    private boolean told;

    /** What the patrol began to do, and when. */
    private record Mark(String step, long nanos, Instant at) {}

    public Watchdog(Duration interval, Problems problems) {
        this(interval, problems, System::nanoTime);
    }

    /** @param nanoTime the clock */
    Watchdog(Duration interval, Problems problems, LongSupplier nanoTime) {
        this.problems = problems;
        this.longestPause = interval.plus(LONGEST_ROUND);
        this.nanoTime = nanoTime;
        this.mark = mark(PAUSE);
    }

    private Mark mark(String step) {
        return new Mark(step, nanoTime.getAsLong(), Instant.now().truncatedTo(ChronoUnit.SECONDS));
    }

    /** The patrol begins with that. */
    public synchronized void enters(String step) {
        Mark before = mark;
        if (!told && hangs(before)) {
            problems.add(SUBJECT, text(before) + "; nobody has read Problems meanwhile");
            told = true;
        }
        if (told) {
            problems.solved(SUBJECT);
        }
        told = false;
        mark = mark(step);
    }

    /** The patrol has nothing to do until its next round. */
    public void pauses() {
        enters(PAUSE);
    }

    /** Adds a problem if it hangs. */
    synchronized void check() {
        if (!told && hangs(mark)) {
            told = true;
            problems.add(SUBJECT, text(mark) + "; until it goes on, no verdict is told and no rule acts");
        }
    }

    private boolean hangs(Mark some) {
        Duration age = Duration.ofNanos(nanoTime.getAsLong() - some.nanos);
        return age.compareTo(some.step.equals(PAUSE) ? longestPause : LONGEST_ROUND) > 0;
    }

    private static String text(Mark some) {
        return "it has been in " + some.step + " since " + some.at;
    }
}
