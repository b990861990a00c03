// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import io.github.pgleash.act.Receipt.Rung;
import io.github.pgleash.judge.Ages;
import io.github.pgleash.observe.ControlConnection.Session;
import io.github.pgleash.observe.NamedSessions;
import io.github.pgleash.observe.NamedSessions.NamedSession;
import io.github.pgleash.observe.Route;
import io.github.pgleash.track.TrackedConnection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One connection through a pooler. Which session on the server works for it, only the pooler knows, and in the next
 * moment it is another one; so nothing is signalled there. Its own driver can ask the pooler to cancel, and close the
 * socket, upon which the pooler ends what is left. Called by our own threads.
 */
final class ThroughPooler {
    private static final Duration WAIT = Duration.ofSeconds(5);
    private static final Duration GLANCE = Duration.ofMillis(20);
    private static final String SILENT =
            "; it has no pid to cancel by, for which drivers before 42.3.1 send no request";

    private final Session session;
    private final BackendId id;
    private final TrackedConnection connection;

    ThroughPooler(Session session, BackendId id, TrackedConnection connection) {
        this.session = session;
        this.id = id;
        this.connection = connection;
    }

    /** Whether that is how a connection must be treated. */
    static boolean concerns(Session session, TrackedConnection connection) {
        return session.route() != Route.DIRECT || connection.pid() <= 0;
    }

    /** Why nothing is done; null when it may be tried. */
    @Nullable
    Result refusal(Receipt.Action action, boolean borrowed) {
        if (id.start() != null) {
            return Result.refused("that id is of a backend, and " + connection.id()
                    + " is reached through a pooler, where it has none of its own; look at the list again");
        }
        if (action == Receipt.Action.CANCEL) {
            return connection.isQuiet(Duration.ZERO)
                    ? Result.refused("it runs no statement: there is nothing to cancel")
                    : null;
        }
        if (session.route() == Route.PGPOOL) {
            return Result.refused(
                    "it is reached through Pgpool-II, which can take the end of a backend for the end of its"
                            + " server, and fail over: cancel its statement, or have the application close it");
        }
        return !borrowed && connection.isQuiet(Duration.ZERO) && !connection.isInTransaction()
                ? Result.refused(
                        "nobody has borrowed it, it does nothing, and behind a pooler there is no backend of its"
                                + " own to end")
                : null;
    }

    Result cancel() {
        return LocalMeans.cancel(connection, WAIT)
                ? new Result(
                        Outcome.CANCELLED,
                        "its statement has ended; the request went through the pooler, from its own driver",
                        Rung.LOCAL)
                : new Result(
                        Outcome.STILL_THERE,
                        "its driver has asked the pooler to cancel, but its statement still runs after "
                                + Ages.text(WAIT)
                                + (connection.pid() <= 0 ? SILENT : ""),
                        Rung.LOCAL);
    }

    /** Cancels what it runs and closes its socket; its borrow must have been claimed. */
    Result terminate() {
        boolean quiet = LocalMeans.end(connection, WAIT);
        if (quiet && !connection.isInTransaction()) {
            return gone("it ran no statement and had no transaction open");
        }
        String name = connection.applicationName();
        if (name == null || name.isEmpty()) {
            return stillThere("it had no name by which to see what the pooler made of that");
        }
        try {
            return watch(name);
        } catch (SQLException unseen) {
            return stillThere("what the pooler made of that could not be seen: " + Survey.text(unseen));
        }
    }

    /** What worked for it on the server at this moment had its name; new work of others may come meanwhile. */
    private Result watch(String name) throws SQLException {
        NamedSessions left = NamedSessions.read(session, List.of(name));
        if (!left.passedOn()) {
            return stillThere("what it made of that cannot be seen, since it does not pass on whose its sessions are");
        }
        List<NamedSession> open = new ArrayList<>(left.inTransaction());
        long deadline = System.nanoTime() + WAIT.toNanos();
        while (!open.isEmpty() && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(GLANCE.toNanos());
            List<NamedSession> now = NamedSessions.read(session, List.of(name)).inTransaction();
            open.removeIf(before -> now.stream().noneMatch(before::isSameTransaction));
        }
        return open.isEmpty()
                ? gone("all that ran on the server under the name " + name + " at that moment is seen to have ended")
                : stillThere(open.size() + " transactions under the name " + name
                        + " are still open, and whose they are only the pooler knows");
    }

    private static Result gone(String proof) {
        return new Result(
                Outcome.GONE, "cancelled and closed at this end, since a pooler is between; " + proof, Rung.LOCAL);
    }

    private static Result stillThere(String doubt) {
        return new Result(
                Outcome.STILL_THERE,
                "cancelled and closed at this end, since a pooler is between; " + doubt,
                Rung.LOCAL);
    }
}
