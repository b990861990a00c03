// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import io.github.pgleash.act.Receipt.Rung;
import io.github.pgleash.judge.Ages;
import io.github.pgleash.judge.Finding;
import io.github.pgleash.judge.Verdict;
import io.github.pgleash.observe.Activity;
import io.github.pgleash.observe.ActivityRow;
import io.github.pgleash.observe.ControlConnection.Session;
import io.github.pgleash.observe.ControlConnections;
import io.github.pgleash.observe.Unreachable;
import io.github.pgleash.track.Borrow;
import io.github.pgleash.track.Origin;
import io.github.pgleash.track.TrackedConnection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Acts where no control connection can be had, with the driver alone. There is no doubt which backend is meant: the one
 * at the other end of this very connection. What became of it the server is asked afterwards, since the end of a session
 * is a free slot; only if it answers then, the backend is said to be gone. Called by JMX threads and the patrol.
 */
final class LocalRung {
    private static final Duration CANCEL = Duration.ofSeconds(2);
    private static final Duration PROOF = Duration.ofSeconds(3);
    private static final Duration GLANCE = Duration.ofMillis(100);

    private final Survey survey;
    private final ControlConnections controls;
    private final Logins logins;
    private final Claims claims;

    LocalRung(Survey survey, ControlConnections controls, Logins logins, Claims claims) {
        this.survey = survey;
        this.controls = controls;
        this.logins = logins;
        this.claims = claims;
    }

    /** What was done, and how the backend was seen before. */
    record Done(Finding seen, Result result, boolean slotFreed) {}

    Done cancel(TrackedConnection connection, Unreachable trouble) {
        Finding now = survey.unasked(connection, Survey.text(trouble));
        Borrow borrow = now.borrow();
        if (connection.isQuiet(Duration.ZERO)) {
            return refused(now, "no thread waits for a statement on it, so there is nothing to cancel");
        }
        // Held, it cannot come to the next borrower, whose statement a late request would end.
        if (borrow != null && !borrow.tryReclaim()) {
            return refused(now, "it is being returned to its pool at this moment");
        }
        boolean ended = false;
        try {
            ended = LocalMeans.cancel(connection, CANCEL);
        } finally {
            if (borrow != null) {
                claims.settle(borrow, now, Outcome.CANCELLED);
            }
        }
        return new Done(
                now,
                ended
                        ? new Result(Outcome.CANCELLED, "its statement has ended", Rung.LOCAL)
                        : new Result(
                                Outcome.STILL_THERE,
                                "the driver was told to cancel it, but its statement still runs after "
                                        + Ages.text(CANCEL) + "; terminate it",
                                Rung.LOCAL),
                false);
    }

    /** @param judged what the action was decided upon; null when it was asked for by hand */
    Done terminate(TrackedConnection connection, @Nullable Finding judged, String by, Unreachable trouble) {
        Finding now = survey.unasked(connection, Survey.text(trouble));
        if (connection.origin().isBehindPgpool()) {
            return refused(
                    now, "it is reached through Pgpool-II, which can take the end of a backend for that of its server");
        }
        if (judged != null && now.verdict().kind() != Verdict.Kind.LEAKED) {
            return refused(
                    now, "the server cannot be asked whether it is still so; terminate it by its id if you must");
        }
        Borrow borrow = judged == null ? now.borrow() : judged.borrow();
        if (borrow == null) {
            boolean ended = LocalMeans.end(connection, CANCEL);
            return new Done(now, proof(connection, trouble, ended), false);
        }
        String claimed = claims.tryClaim(borrow, now, by);
        if (claimed != null) {
            return refused(now, claimed);
        }
        boolean freed;
        Result result = Result.failed("it was given up halfway");
        try {
            boolean ended = LocalMeans.end(connection, CANCEL);
            // Before the pool has its slot back: it would take the server's slot at once.
            result = proof(connection, trouble, ended);
        } finally {
            freed = claims.settle(borrow, now, Outcome.STILL_THERE);
        }
        return new Done(now, result, freed);
    }

    private static Done refused(Finding now, String reason) {
        return new Done(now, Result.refused(reason), false);
    }

    /** Its socket is closed; now the server may have a slot for us. */
    private Result proof(TrackedConnection connection, Unreachable trouble, boolean ended) {
        long deadline = System.nanoTime() + PROOF.toNanos();
        boolean seen = false;
        String silence = Survey.text(trouble);
        boolean ask = trouble.isForWantOfASlot();
        while (ask) {
            try {
                seen = true;
                if (controls.use(logins.of(connection.origin()), session -> isGone(session, connection))) {
                    controls.giveBack(logins.of(connection.origin())); // the slot is the application's
                    return new Result(
                            Outcome.GONE,
                            "its socket was closed, which gave us a slot to see that it is gone",
                            Rung.LOCAL);
                }
            } catch (Unreachable still) {
                seen = false;
                silence = Survey.text(still);
                ask = still.isForWantOfASlot();
            } catch (SQLException failed) {
                seen = false;
                silence = Survey.text(failed);
                ask = false;
            }
            if (System.nanoTime() - deadline >= 0 || Thread.currentThread().isInterrupted()) {
                break;
            }
            LockSupport.parkNanos(GLANCE.toNanos());
        }
        controls.giveBack(logins.of(connection.origin()));
        return seen ? stillThere() : unproved(ended, silence);
    }

    private static Result stillThere() {
        return new Result(
                Outcome.STILL_THERE,
                "its socket was closed, but the server still has a backend of its pid, which may be working",
                Rung.LOCAL);
    }

    private static Result unproved(boolean ended, String silence) {
        return new Result(
                Outcome.FAILED,
                (ended
                                ? "its socket was closed, which ends a session that runs nothing"
                                : "it was cancelled and its socket closed, but its statement was not seen to end")
                        + "; whether the backend is gone the server could not be asked: " + silence,
                Rung.LOCAL);
    }

    /** A pid that is not there proves nothing where pids may be made up, by a pooler. */
    private boolean isGone(Session session, TrackedConnection connection) throws SQLException {
        List<Integer> pid = List.of(connection.pid());
        ActivityRow row = Activity.read(session, pid, List.of()).get(connection.pid());
        if (connection.isBound()) {
            return row == null || row.backendStart() != connection.backendStart();
        }
        return row == null && Activity.kindOf(session, connection.pid()) == null && isDirect(session);
    }

    /** Whether the pid that the driver was told on the same way is the one that the server has. */
    private boolean isDirect(Session session) throws SQLException {
        return logins.areTheApplications() && Origin.pid(session.connection()) == Activity.ownPid(session);
    }
}
