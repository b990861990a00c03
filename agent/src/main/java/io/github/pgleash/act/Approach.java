// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import io.github.pgleash.act.LocalRung.Done;
import io.github.pgleash.act.Receipt.Action;
import io.github.pgleash.act.Receipt.Rung;
import io.github.pgleash.act.Targets.Found;
import io.github.pgleash.judge.Finding;
import io.github.pgleash.observe.ActivityRow;
import io.github.pgleash.observe.ControlConnection.Session;
import io.github.pgleash.observe.ControlConnections;
import io.github.pgleash.observe.Unreachable;
import io.github.pgleash.track.Borrow;
import io.github.pgleash.track.TrackedConnection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;

/**
 * Comes to one backend by the way that is open: over a control connection, through a pooler, or with its driver alone.
 * Whichever it is, the borrow is claimed first, and its slot is given back when the backend has ended.
 */
final class Approach {
    private static final Duration LOCAL_WAIT = Duration.ofSeconds(2);
    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private final Survey survey;
    private final ControlConnections controls;
    private final Logins logins;
    private final Claims claims;
    private final LocalRung local;

    Approach(Survey survey, ControlConnections controls, Logins logins, Claims claims) {
        this.survey = survey;
        this.controls = controls;
        this.logins = logins;
        this.claims = claims;
        this.local = new LocalRung(survey, controls, logins, claims);
    }

    /** Does what the attempt is for, and notes in it what was found out on the way. */
    Result make(Attempt attempt, Found found) {
        attempt.backend = found.connection().id();
        try {
            Result result =
                    controls.use(logins.of(found.connection().origin()), session -> face(attempt, found, session));
            if (result.rung() == Rung.SQL) {
                survey.allowed(found.connection());
            }
            return result;
        } catch (Unreachable trouble) {
            return locally(attempt, found.connection(), trouble);
        } catch (SQLException trouble) {
            return trouble(found.connection(), trouble);
        }
    }

    /** Of a server that was asked and did not answer well. */
    Result trouble(TrackedConnection connection, SQLException trouble) {
        String message = Survey.text(trouble);
        if (!INSUFFICIENT_PRIVILEGE.equals(trouble.getSQLState())) {
            return Result.failed("the server could not be asked: " + message);
        }
        survey.denied(connection, message);
        return new Result(Outcome.DENIED, "the server did not allow it: " + message, Rung.SQL);
    }

    private Result locally(Attempt attempt, TrackedConnection connection, Unreachable trouble) {
        String objection = attempt.objection.apply(survey.unasked(connection, Survey.text(trouble)));
        if (!objection.isEmpty()) {
            return Result.refused(objection);
        }
        Done done = attempt.action == Action.CANCEL
                ? local.cancel(connection, trouble)
                : local.terminate(connection, attempt.judged, attempt.by, trouble);
        attempt.slotFreed = done.slotFreed();
        attempt.seen = done.seen();
        return done.result();
    }

    private Result face(Attempt attempt, Found found, Session session) throws SQLException {
        if (ThroughPooler.concerns(session, found.connection())) {
            return throughPooler(attempt, found, session);
        }
        Engagement engagement = new Engagement(session, found.id(), found.connection(), attempt.began);
        Result refusal = engagement.identify();
        Finding now = survey.finding(found.connection(), engagement.row());
        attempt.backend = found.connection().id();
        attempt.seen = now;
        if (refusal != null) {
            boolean ended = refusal.outcome() == Outcome.ALREADY_GONE && attempt.action == Action.TERMINATE;
            return ended ? clearAway(attempt, now, refusal) : refusal;
        }
        String objection = attempt.objection.apply(now);
        if (!objection.isEmpty()) {
            return Result.refused(objection);
        }
        return attempt.action == Action.CANCEL ? engagement.cancel() : terminate(attempt, engagement, now);
    }

    private Result throughPooler(Attempt attempt, Found found, Session session) throws SQLException {
        ThroughPooler way = new ThroughPooler(session, found.id(), found.connection());
        Finding now = survey.finding(found.connection(), null);
        Borrow borrow = attempt.judged == null ? now.borrow() : attempt.judged.borrow();
        attempt.seen = now;
        Result refusal = way.refusal(attempt.action, borrow != null);
        if (refusal != null) {
            return refusal;
        }
        String objection = attempt.objection.apply(now);
        if (!objection.isEmpty()) {
            return Result.refused(objection);
        }
        if (attempt.action == Action.CANCEL) {
            return way.cancel();
        }
        return borrow == null ? way.terminate() : claimed(attempt, borrow, now, way::terminate);
    }

    private Result terminate(Attempt attempt, Engagement engagement, Finding now) throws SQLException {
        Finding judged = attempt.judged == null ? now : attempt.judged;
        if (judged.row() == null && now.verdict().kind() != judged.verdict().kind()) {
            return Result.refused("the server could not be asked when it was judged; now that it can, it is not "
                    + judged.verdict().kind().name().toLowerCase(Locale.ROOT));
        }
        Borrow borrow = judged.borrow();
        if (borrow == null) {
            // Nobody has it: should it be lent in this very moment, its state changes, and the statement finds nobody.
            return withoutBorrow(engagement, judged);
        }
        ActivityRow state = attempt.judged == null ? null : judged.row() == null ? now.row() : judged.row();
        return claimed(attempt, borrow, now, () -> engagement.terminate(state));
    }

    /** Claims the borrow first, and settles it whatever comes of the end, an exception too. */
    private Result claimed(Attempt attempt, Borrow borrow, Finding now, End end) throws SQLException {
        String refused = claims.tryClaim(borrow, now, attempt.by);
        if (refused != null) {
            return Result.refused(refused);
        }
        Result result = Result.failed("it was given up halfway");
        try {
            result = end.make();
        } finally {
            attempt.slotFreed = claims.settle(borrow, now, result.outcome());
        }
        return result;
    }

    /** Somebody else has ended its backend; what is left in this JVM is a dead connection, and perhaps a lost slot. */
    private Result clearAway(Attempt attempt, Finding now, Result gone) {
        Borrow borrow = attempt.judged == null ? now.borrow() : attempt.judged.borrow();
        if (borrow == null) {
            endWhereverItIs(now.connection());
        } else if (claims.tryClaim(borrow, now, attempt.by) == null) {
            endWhereverItIs(now.connection());
            attempt.slotFreed = claims.settle(borrow, now, Outcome.ALREADY_GONE);
        }
        return attempt.slotFreed
                ? new Result(gone.outcome(), gone.reason() + "; its slot was given back to the pool", gone.rung())
                : gone;
    }

    /** One that was never seen may live on another server behind the same name. */
    private static void endWhereverItIs(TrackedConnection connection) {
        if (connection.isBound()) {
            connection.abort();
        } else {
            LocalMeans.end(connection, LOCAL_WAIT);
        }
    }

    private static Result withoutBorrow(Engagement engagement, Finding judged) throws SQLException {
        Result result = engagement.terminate(judged.row());
        if (result.outcome() == Outcome.GONE) {
            judged.connection().abort();
        }
        return result;
    }

    /** What ends a backend whose borrow is ours. */
    private interface End {
        Result make() throws SQLException;
    }
}
