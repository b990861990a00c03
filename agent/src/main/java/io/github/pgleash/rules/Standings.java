// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.rules;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How long each verdict has stood, counted from round to round by the monotonic clock. A verdict that is not given in a
 * round begins anew. Time in which nobody looked does not count: after a laptop's sleep, or a pause of the whole JVM, an
 * owner has had no time to return anything. Not for several threads.
 */
public final class Standings {
    private final Duration longestGap;
    private final Map<Key, Case> cases = new HashMap<>();
    private @Nullable Long roundNanos;

    /** @param longestGap between two rounds, for the time between them to count */
    public Standings(Duration longestGap) {
        this.longestGap = longestGap;
    }

    private static final class Case {
        private Duration stood = Duration.ZERO;
        private @Nullable Duration cancelled;
        private @Nullable Duration tried;
    }

    /** A round has begun: these verdicts stand. */
    public void round(Collection<Key> given, long nowNanos) {
        Duration passed = passed(nowNanos);
        roundNanos = nowNanos;
        cases.keySet().retainAll(given);
        for (Case one : cases.values()) {
            one.stood = one.stood.plus(passed);
        }
        given.forEach(key -> cases.computeIfAbsent(key, absent -> new Case()));
    }

    private Duration passed(long nowNanos) {
        Long before = roundNanos;
        Duration gap = before == null ? Duration.ZERO : Duration.ofNanos(nowNanos - before);
        return gap.isNegative() || gap.compareTo(longestGap) > 0 ? Duration.ZERO : gap;
    }

    /** As of now, between two rounds. */
    public Standing of(Key key, long nowNanos) {
        Case one = cases.get(key);
        return one == null ? Standing.NEW : new Standing(one.stood.plus(passed(nowNanos)), one.cancelled, one.tried);
    }

    /** Its statement was cancelled; whether that helps will be seen. */
    public void cancelled(Key key) {
        Case one = cases.get(key);
        if (one != null) {
            one.cancelled = one.stood;
        }
    }

    /** All that its rule has was tried. */
    public void tried(Key key) {
        Case one = cases.get(key);
        if (one != null) {
            one.tried = one.stood;
        }
    }
}
