// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import io.github.pgleash.observe.ActivityRow;
import io.github.pgleash.track.TrackedConnection;
import java.time.Duration;

/**
 * Whether a row of {@code pg_stat_activity} is the backend behind a connection: its pid alone says little, since pids are
 * reused. Once proved, {@code backend_start} is bound to the connection and decides.
 */
enum Identity {
    SAME,
    /** The connection's backend has ended, and its pid is another backend's now. */
    REPLACED,
    /** Role, database, tag or age do not fit: nothing may be concluded, and nothing done. */
    UNPROVED;

    /** How far our age of a connection and the server's of its backend may be apart: login comes between the two. */
    private static final Duration TOLERANCE = Duration.ofSeconds(10);

    static Identity of(TrackedConnection connection, ActivityRow row, long nowNanos) {
        if (connection.isBound()) {
            return connection.backendStart() == row.backendStart() ? SAME : REPLACED;
        }
        boolean sameAccount = connection.address().role().equals(row.usename())
                && connection.address().database().equals(row.datname());
        if (!sameAccount) {
            return UNPROVED;
        }
        String tag = connection.tag();
        boolean tagged = tag != null && tag.equals(row.applicationName());
        if (!tagged && !agesAgree(connection, row, nowNanos)) {
            return UNPROVED;
        }
        connection.bind(row.backendStart());
        return SAME;
    }

    /** Ages are compared, not times: the clocks of two machines differ. */
    private static boolean agesAgree(TrackedConnection connection, ActivityRow row, long nowNanos) {
        Duration ours = Duration.ofNanos(connection.ageNanos(nowNanos));
        Duration difference = row.backendAge().minus(ours);
        boolean oldEnough = difference.compareTo(TOLERANCE.negated()) >= 0;
        return oldEnough && (connection.adopted() || difference.compareTo(TOLERANCE) <= 0);
    }
}
