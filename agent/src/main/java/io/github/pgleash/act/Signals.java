// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import io.github.pgleash.observe.Activity;
import io.github.pgleash.observe.ActivityRow;
import io.github.pgleash.observe.ControlConnection.Session;
import io.github.pgleash.observe.ServerFacts;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The statements that signal a backend. Each names the backend in its own condition by pid, {@code backend_start}, role,
 * database and kind, so that between our look and the signal nobody else can slip in; the little that is left, between
 * the server's own reading and its {@code kill}, PostgreSQL accepts for itself (signalfuncs.c). The function stands in
 * the target list, where it is called for the row that was found and for no other.
 */
final class Signals {
    private static final String GUARDED = """
            select %s
              from pg_catalog.pg_stat_activity a
             where a.pid = ?
               and (extract(epoch from a.backend_start) * 1000000)::bigint = ?
               and a.usename = ?
               and a.datname = ?
               and a.pid <> pg_catalog.pg_backend_pid()
               and %s
               and %s""";

    /** A session that moved on to another statement, or another state, is not the one that was judged. */
    private static final String UNMOVED = "a.state_change is not distinct from ?::timestamptz";

    private static final String ANY = "?::text is null";

    private Signals() {}

    /**
     * Asks the backend to end. From PostgreSQL 14 on the server itself waits for it.
     *
     * @param unmoved only if it is still in the state that the row shows
     * @return null when no such backend was found; else what the server said
     */
    static @Nullable Boolean terminate(Session session, ActivityRow row, Duration wait, boolean unmoved)
            throws SQLException {
        String function = waitsItself(session)
                ? "pg_catalog.pg_terminate_backend(a.pid, " + wait.toMillis() + ")"
                : "pg_catalog.pg_terminate_backend(a.pid)";
        return signal(session, function, row, unmoved);
    }

    /** Whether {@code pg_terminate_backend} of this server waits for the end. */
    static boolean waitsItself(Session session) {
        return session.server().versionNumber() >= ServerFacts.WITH_TERMINATE_TIMEOUT;
    }

    /** Asks the backend to end the statement that the row shows; spares a later one. */
    static @Nullable Boolean cancel(Session session, ActivityRow row) throws SQLException {
        return signal(session, "pg_catalog.pg_cancel_backend(a.pid)", row, true);
    }

    private static @Nullable Boolean signal(Session session, String function, ActivityRow row, boolean unmoved)
            throws SQLException {
        String sql = GUARDED.formatted(function, Activity.clientBackend(session.server()), unmoved ? UNMOVED : ANY);
        try (PreparedStatement statement = session.connection().prepareStatement(sql)) {
            statement.setInt(1, row.pid());
            statement.setLong(2, row.backendStart());
            statement.setString(3, row.usename());
            statement.setString(4, row.datname());
            statement.setString(
                    5, unmoved && row.stateChange() != null ? row.stateChange().toString() : null);
            try (ResultSet found = statement.executeQuery()) {
                return found.next() ? found.getBoolean(1) : null;
            }
        }
    }
}
