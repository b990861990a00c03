// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import io.github.pgleash.observe.Activity;
import io.github.pgleash.observe.ActivityRow;
import io.github.pgleash.observe.ControlConnection.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Watches over backends that were asked to end until the server shows them no more. By a look at the list every few
 * milliseconds: {@code pg_terminate_backend} can wait itself from PostgreSQL 14 on, but looks only ten times a second, and
 * at one backend after the other.
 */
final class Vigil {
    static final Duration WAIT = Duration.ofSeconds(5);
    static final Duration GLANCE = Duration.ofMillis(10);

    private Vigil() {}

    /**
     * Returns when all have gone, or after {@link #WAIT}, or when this thread is interrupted.
     *
     * @param gone told of each as soon as it is seen to be gone
     * @return those that are still there
     */
    static List<ActivityRow> keep(Session session, Collection<ActivityRow> asked, Consumer<ActivityRow> gone)
            throws SQLException {
        long deadline = System.nanoTime() + WAIT.toNanos();
        List<ActivityRow> there = new ArrayList<>(asked);
        while (!there.isEmpty()) {
            boolean lastGlance =
                    System.nanoTime() - deadline >= 0 || Thread.currentThread().isInterrupted();
            Map<Integer, Long> starts = Activity.starts(
                    session, there.stream().map(ActivityRow::pid).toList());
            List<ActivityRow> ended = new ArrayList<>();
            there.removeIf(row -> isGone(row, starts) && ended.add(row));
            ended.forEach(gone);
            if (lastGlance) {
                break;
            }
            if (!there.isEmpty()) {
                LockSupport.parkNanos(GLANCE.toNanos());
            }
        }
        return there;
    }

    static boolean isGone(ActivityRow row, Map<Integer, Long> starts) {
        Long start = starts.get(row.pid());
        return start == null || start != row.backendStart();
    }
}
