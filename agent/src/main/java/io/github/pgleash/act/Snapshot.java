// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import io.github.pgleash.observe.ActivityRow;
import io.github.pgleash.observe.Rights;
import io.github.pgleash.observe.ServerFacts;
import io.github.pgleash.track.Borrow;
import io.github.pgleash.track.TrackedConnection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the servers said at one moment.
 *
 * @param takenNanos when we began to ask, by the monotonic clock; null before the first
 * @param rows by {@link TrackedConnection#number()}
 * @param ended connections by number whose backend was once seen, and is no longer there
 * @param servers by login, {@code role@host:port}
 */
record Snapshot(@Nullable Long takenNanos, Map<Long, ActivityRow> rows, Set<Long> ended, Map<String, Answer> servers) {
    static final Snapshot NONE = new Snapshot(null, Map.of(), Set.of(), Map.of());

    /**
     * One server's, to one login.
     *
     * @param facts null when it did not answer, for the reason in {@code trouble}
     * @param rights what we may do there, for each role that we have sessions of
     * @param way what is between, and what can be seen through it; empty where nothing is
     */
    record Answer(
            @Nullable ServerFacts facts,
            List<Rights> rights,
            @Nullable String trouble,
            String way) {}

    /** Why that server did not answer; null when it did, or was not asked. */
    @Nullable
    String trouble(String login) {
        Answer answer = servers.get(login);
        return answer == null ? null : answer.trouble();
    }

    /** Whether it was taken before that borrow began. */
    boolean isOlderThan(@Nullable Borrow borrow) {
        return borrow != null && takenNanos != null && borrow.beganAfter(takenNanos);
    }

    Snapshot {
        rows = Map.copyOf(rows);
        ended = Set.copyOf(ended);
        servers = Map.copyOf(servers);
    }
}
