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

    /**
     * How far our age of a connection and the server's of its backend may be apart: login comes between the two. Ages are
     * compared, not times: the clocks of two machines differ.
     */
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
        Duration older = row.backendAge().minus(Duration.ofNanos(connection.ageNanos(nowNanos)));
        if (older.compareTo(TOLERANCE.negated()) < 0) {
            // Whatever its tag says: instances may share one, and a restarted server gives the same pids again.
            return UNPROVED;
        }
        String tag = connection.tag();
        boolean tagged = tag != null && tag.equals(row.applicationName());
        if (!tagged && !connection.adopted() && older.compareTo(TOLERANCE) > 0) {
            return UNPROVED;
        }
        connection.bind(row.backendStart());
        return SAME;
    }
}
