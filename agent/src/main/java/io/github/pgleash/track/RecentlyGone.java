// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Predicate;

/**
 * Backends whose connection was closed not long ago: an operator who acts on a list of a minute ago is told that
 * the backend has gone, not that it was never ours. Bounded; text only.
 */
public final class RecentlyGone {
    private static final int REMEMBERED = 1_000;

    private final Deque<Gone> newestFirst = new ArrayDeque<>();

    synchronized void add(TrackedConnection gone) {
        newestFirst.addFirst(new Gone(gone.pid(), gone.address().server(), gone.backendStart()));
        if (newestFirst.size() > REMEMBERED) {
            newestFirst.removeLast();
        }
    }

    public synchronized boolean anyMatch(Predicate<Gone> condition) {
        return newestFirst.stream().anyMatch(condition);
    }

    /**
     * A backend whose connection is closed.
     *
     * @param start 0 where it was never told
     */
    public record Gone(int pid, String server, long start) {}
}
