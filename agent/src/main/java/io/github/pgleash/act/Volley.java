// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import io.github.pgleash.judge.Finding;
import io.github.pgleash.observe.Activity;
import io.github.pgleash.observe.ActivityRow;
import io.github.pgleash.observe.ControlConnection.Session;
import io.github.pgleash.track.Borrow;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Ends many backends of one server together. Each borrow is claimed, and each backend named in the statement by
 * everything that tells it from others, as if it were the only one; but one statement signals a hundred of them, and one
 * query watches over all. Those that the statement did not find are left as they were, for somebody to ask why.
 */
final class Volley {
    /** Between the server's look at the first and its signal to the last of them pass a few milliseconds at most. */
    private static final int SIZE = 100;

    private final Session session;
    private final Claims claims;
    private final BiConsumer<Attempt, Result> done;
    /** Claimed, or asked to end, and not settled yet; by pid. */
    private final Map<Integer, Attempt> underway = new HashMap<>();

    /** @param done gets each that came to an end, good or bad */
    Volley(Session session, Claims claims, BiConsumer<Attempt, Result> done) {
        this.session = session;
        this.claims = claims;
        this.done = done;
    }

    /**
     * Whether it can be one of many: its backend was there at the last look, and our role may signal it for certain. An
     * error at one of them would leave open which of the others were signalled.
     */
    private boolean mayFire(Attempt attempt) {
        ActivityRow row = judged(attempt).row();
        return row != null
                && (session.server().superuser() || session.server().role().equals(row.usename()));
    }

    void fire(List<Attempt> attempts) throws SQLException {
        List<Attempt> fit = attempts.stream().filter(this::mayFire).toList();
        try {
            List<ActivityRow> gone = List.of();
            for (int from = 0; from < fit.size(); from += SIZE) {
                gone = signal(fit.subList(from, Math.min(from + SIZE, fit.size())), gone);
            }
            endAll(gone, Engagement.GONE);
            watch();
        } finally {
            for (Attempt halfway : underway.values()) {
                settle(halfway, Outcome.FAILED);
            }
        }
    }

    /**
     * Signals the next, and gives the slots of those back that have gone before, while the server is at it.
     *
     * @return those that have gone since
     */
    private List<ActivityRow> signal(List<Attempt> next, List<ActivityRow> gone) throws SQLException {
        Map<Integer, Attempt> asked = new HashMap<>();
        for (Attempt attempt : next) {
            if (claim(attempt)) {
                asked.put(row(attempt).pid(), attempt);
            }
        }
        List<ActivityRow> meant = rows(asked.values());
        List<ActivityRow> watched = rows(underway.values());
        Errand<Shot> errand = Errand.started(() -> Shot.fire(session, meant, watched));
        Shot shot;
        try {
            endAll(gone, Engagement.GONE);
        } finally {
            shot = errand.outcome(); // whatever happened here: until then the session is not ours
        }
        Set<Integer> signalled = shot.signalled();
        asked.forEach((pid, attempt) -> {
            if (!signalled.contains(pid)) {
                underway.remove(pid);
                settle(attempt, Outcome.REFUSED);
            }
        });
        return watched.stream()
                .filter(row -> underway.containsKey(row.pid()) && Vigil.isGone(row, shot.there))
                .toList();
    }

    /**
     * One statement that signals, and a look at all that were asked to end by then.
     *
     * @param there their {@code backend_start} by pid
     * @param failure then the rest says nothing
     */
    private record Shot(
            Set<Integer> found,
            Map<Integer, Long> there,
            @Nullable SQLException failure) {
        static Shot fire(Session session, List<ActivityRow> meant, List<ActivityRow> watched) {
            try {
                Set<Integer> found = Signals.terminateAll(session, meant);
                return new Shot(found, Activity.starts(session, pids(watched)), null);
            } catch (SQLException failure) {
                return new Shot(Set.of(), Map.of(), failure);
            }
        }

        Set<Integer> signalled() throws SQLException {
            if (failure != null) {
                throw failure;
            }
            return found;
        }

        private static List<Integer> pids(List<ActivityRow> rows) {
            return rows.stream().map(ActivityRow::pid).toList();
        }
    }

    /** What nobody has borrowed needs no claim: should it be lent in this very moment, its state changes. */
    private boolean claim(Attempt attempt) {
        Finding judged = judged(attempt);
        Borrow borrow = judged.borrow();
        String refused = borrow == null ? null : claims.tryClaim(borrow, judged, attempt.by);
        if (refused != null) {
            done.accept(attempt, Result.refused(refused));
            return false;
        }
        underway.put(row(attempt).pid(), attempt);
        return true;
    }

    private void watch() throws SQLException {
        List<ActivityRow> there = Vigil.keep(session, rows(underway.values()), row -> end(row, Engagement.GONE));
        endAll(there, Engagement.STILL_THERE);
    }

    private void endAll(List<ActivityRow> rows, Result result) {
        rows.forEach(row -> end(row, result));
    }

    private void end(ActivityRow row, Result result) {
        Attempt attempt = Objects.requireNonNull(underway.remove(row.pid()));
        settle(attempt, result.outcome());
        done.accept(attempt, result);
    }

    private void settle(Attempt attempt, Outcome outcome) {
        Finding judged = judged(attempt);
        if (judged.borrow() != null) {
            attempt.slotFreed = claims.settle(judged.borrow(), judged, outcome);
        } else if (outcome == Outcome.GONE) {
            judged.connection().abort();
        }
    }

    private static List<ActivityRow> rows(Collection<Attempt> attempts) {
        return attempts.stream().map(Volley::row).toList();
    }

    private static ActivityRow row(Attempt attempt) {
        return Objects.requireNonNull(judged(attempt).row());
    }

    private static Finding judged(Attempt attempt) {
        return Objects.requireNonNull(attempt.judged);
    }
}
