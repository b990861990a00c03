// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import io.github.pgleash.act.Receipt.Rung;
import io.github.pgleash.judge.Ages;
import io.github.pgleash.observe.Activity;
import io.github.pgleash.observe.ActivityRow;
import io.github.pgleash.observe.ControlConnection.Session;
import io.github.pgleash.track.ServerRun;
import io.github.pgleash.track.TrackedConnection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One backend face to face, over the control connection: prove who it is, signal it, and watch until the effect is seen
 * or the wait is over.
 */
final class Engagement {
    static final Result GONE = new Result(Outcome.GONE, "terminated, and seen to be gone", Rung.SQL);
    static final Result STILL_THERE = new Result(
            Outcome.STILL_THERE,
            "the request was sent, but the backend is still there after " + Ages.text(Vigil.WAIT)
                    + "; it may be stopped, or hang in the operating system",
            Rung.SQL);

    private final Session session;
    private final BackendId id;
    private final TrackedConnection connection;
    private final long askedNanos;
    private @Nullable ActivityRow row;

    /** @param askedNanos when this was asked for, by the monotonic clock */
    Engagement(Session session, BackendId id, TrackedConnection connection, long askedNanos) {
        this.askedNanos = askedNanos;
        this.session = session;
        this.id = id;
        this.connection = connection;
    }

    /** Reads the backend and proves that it is the one that was meant; null when it is, else why nothing is done. */
    @Nullable
    Result identify() throws SQLException {
        ActivityRow found = read();
        ServerRun seen = connection.run();
        boolean elsewhere = seen != null && run(session).relationTo(seen) == ServerRun.Relation.OTHER;
        boolean missing = found == null && !connection.isBound();
        if ((elsewhere || missing) && session.openedNanos() - askedNanos < 0) {
            throw session.outdated();
        }
        if (elsewhere) {
            return Result.refused("it is on another server (" + seen + ") than the one that answers at "
                    + connection.address().server() + " now (" + run(session)
                    + "); after a failover, have the application close its old connections");
        }
        if (found == null) {
            String kind = Activity.kindOf(session, connection.pid());
            return kind == null
                    ? new Result(Outcome.ALREADY_GONE, "the server has no such backend any more", Rung.NONE)
                    : Result.refused(
                            "pid " + connection.pid() + " is " + kind + ", not a client backend of ours that the role "
                                    + session.server().role() + " can see");
        }
        Identity identity = Identity.of(connection, found, System.nanoTime());
        if (identity == Identity.REPLACED) {
            connection.markReplaced();
        }
        if (identity == Identity.REPLACED || id.isStaleFor(connection)) {
            Targets.NotFound stale = Targets.stale(id, "started " + found.backendStart());
            return new Result(stale.outcome(), stale.reason(), Rung.NONE);
        }
        if (identity == Identity.UNPROVED) {
            return Result.refused(
                    "the backend with that pid does not fit this JVM's connection in role, database, tag and age; "
                            + "there may be a pooler between, which makes up pids");
        }
        connection.seenOn(run(session));
        row = found;
        return null;
    }

    /** Which run of which server the control connection has reached. */
    static ServerRun run(Session session) {
        return new ServerRun(session.server().address(), session.server().started());
    }

    /** The server's side, once it was identified. */
    @Nullable
    ActivityRow row() {
        return row;
    }

    Result cancel() throws SQLException {
        ActivityRow before = Objects.requireNonNull(row);
        if (before.isIdleInTransaction()) {
            return Result.refused(
                    "it is " + before.state()
                            + " and runs no statement: cancelling would do nothing; terminate it to end its transaction and free its locks");
        }
        if (before.isIdle()) {
            return Result.refused("it is idle and runs no statement: there is nothing to cancel");
        }
        if (!Signals.cancel(session, before)) {
            return Result.refused("it went on to something else before it could be cancelled");
        }
        boolean ended = watch(now -> now == null
                || now.backendStart() != before.backendStart()
                || !now.isActive()
                || !Objects.equals(now.queryStart(), before.queryStart()));
        return ended
                ? new Result(
                        Outcome.CANCELLED, "its statement has ended, after " + Ages.text(before.queryAge()), Rung.SQL)
                : new Result(
                        Outcome.STILL_THERE,
                        "the request was sent, but its statement still runs after " + Ages.text(Vigil.WAIT)
                                + "; terminate it",
                        Rung.SQL);
    }

    /** @param judged the state for which it is to end, and in which it must still be; null when it does not matter */
    Result terminate(@Nullable ActivityRow judged) throws SQLException {
        ActivityRow before = Objects.requireNonNull(row);
        if (judged != null && !Objects.equals(judged.stateChange(), before.stateChange())) {
            return Result.refused("it went on to something else since it was judged");
        }
        boolean signalled = Signals.terminate(session, before, judged != null);
        if (!signalled && !isGone(read())) {
            return Result.refused("it went on to something else before it could be terminated");
        }
        if (!signalled) {
            return new Result(Outcome.ALREADY_GONE, "it ended by itself just before", Rung.NONE);
        }
        return Vigil.keep(session, List.of(before), gone -> {}).isEmpty() ? GONE : STILL_THERE;
    }

    private boolean isGone(@Nullable ActivityRow now) {
        return now == null || now.backendStart() != connection.backendStart();
    }

    private boolean watch(Predicate<@Nullable ActivityRow> condition) throws SQLException {
        long deadline = System.nanoTime() + Vigil.WAIT.toNanos();
        while (true) {
            if (condition.test(read())) {
                return true;
            }
            if (System.nanoTime() - deadline >= 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(Vigil.GLANCE.toNanos());
        }
    }

    private @Nullable ActivityRow read() throws SQLException {
        List<Integer> pid = List.of(connection.pid());
        return Activity.read(session, pid, pid).get(connection.pid());
    }
}
