// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import io.github.pgleash.observe.ActivityRow;
import io.github.pgleash.observe.ServerFacts;
import io.github.pgleash.track.Borrow;
import io.github.pgleash.track.TrackedConnection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the servers said at one moment.
 *
 * @param takenNanos when we began to ask, by the monotonic clock; null before the first
 * @param rows by {@link TrackedConnection#number()}
 * @param servers by login, {@code role@host:port}
 */
record Snapshot(@Nullable Long takenNanos, Map<Long, ActivityRow> rows, Map<String, Answer> servers) {
    static final Snapshot NONE = new Snapshot(null, Map.of(), Map.of());

    /** @param facts null when it did not answer, for the reason in {@code trouble} */
    record Answer(@Nullable ServerFacts facts, @Nullable String trouble) {}

    /** Whether it was taken before that borrow began. */
    boolean isOlderThan(@Nullable Borrow borrow) {
        return borrow != null && takenNanos != null && borrow.beganAfter(takenNanos);
    }

    Snapshot {
        rows = Map.copyOf(rows);
        servers = Map.copyOf(servers);
    }
}
