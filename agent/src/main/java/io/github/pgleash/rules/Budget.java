// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.rules;

import io.github.pgleash.judge.Ages;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** At most so many actions in any span of that length, by the monotonic clock. Not for several threads. */
public final class Budget {
    private final int count;
    private final Duration per;
    private final Deque<Long> spent = new ArrayDeque<>();

    public Budget(int count, Duration per) {
        this.count = count;
        this.per = per;
    }

    /** How many actions are left now. */
    public int left(long nowNanos) {
        while (!spent.isEmpty() && nowNanos - spent.peekFirst() >= per.toNanos()) {
            spent.removeFirst();
        }
        return count - spent.size();
    }

    public void spend(long nowNanos) {
        spent.addLast(nowNanos);
    }

    /** {@code 10 in 1 min}. */
    @Override
    public String toString() {
        return count + " in " + Ages.text(per);
    }
}
