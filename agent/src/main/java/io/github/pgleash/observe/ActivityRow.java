// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.observe;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One client backend as {@code pg_stat_activity} shows it to our role; what it hides is null. Instants are by the
 * server's clock, durations were measured by the server.
 *
 * @param backendStart microseconds since 1970
 * @param backendAge how long ago that was
 * @param transactionAge age of the open transaction; null without one
 * @param stateAge how long it has been in its state
 * @param queryAge age of the current or last statement
 * @param query as the server shows it: never to be shown unmasked
 * @param blockedBy pids it waits for, comma-separated; null unless it waits for a lock
 * @param holdsAdvisoryLock looked up only for suspects
 */
public record ActivityRow(
        int pid,
        long backendStart,
        Duration backendAge,
        @Nullable String usename,
        @Nullable String datname,
        @Nullable String applicationName,
        @Nullable String clientAddr,
        @Nullable String state,
        @Nullable Instant xactStart,
        @Nullable Instant queryStart,
        @Nullable Instant stateChange,
        @Nullable Duration transactionAge,
        @Nullable Duration stateAge,
        @Nullable Duration queryAge,
        @Nullable String waitEventType,
        @Nullable String waitEvent,
        @Nullable String query,
        @Nullable String blockedBy,
        boolean holdsAdvisoryLock) {

    /** Whether its last statement was LISTEN; a session that ran something else since does not show it. */
    public boolean listens() {
        return query != null && query.stripLeading().regionMatches(true, 0, "listen", 0, "listen".length());
    }

    public boolean isActive() {
        return "active".equals(state) || "fastpath function call".equals(state);
    }

    /** Also when the transaction is aborted. */
    public boolean isIdleInTransaction() {
        return state != null && state.startsWith("idle in transaction");
    }

    public boolean isIdle() {
        return "idle".equals(state);
    }

    public boolean waitsForLock() {
        return "Lock".equals(waitEventType);
    }
}
