// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Ids of backends whose connection was closed not long ago: an operator who acts on a list of a minute ago is told that
 * the backend has gone, not that it was never ours. Bounded; text only.
 */
public final class RecentlyGone {
    private static final int REMEMBERED = 1_000;

    private final Map<String, Long> ids = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > REMEMBERED;
        }
    };

    synchronized void add(TrackedConnection gone) {
        ids.put(gone.id(), gone.number());
    }

    public synchronized boolean contains(String id) {
        return ids.containsKey(id);
    }
}
