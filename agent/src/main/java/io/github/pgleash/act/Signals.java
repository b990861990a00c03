// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import io.github.pgleash.observe.Activity;
import io.github.pgleash.observe.ActivityRow;
import io.github.pgleash.observe.ControlConnection.Session;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
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

    /** The server makes a hash table of those that are meant; as a join it compares each with every session it has. */
    private static final String ALL_GUARDED = """
            select a.pid, pg_catalog.pg_terminate_backend(a.pid)
              from pg_catalog.pg_stat_activity a
             where (a.pid, (extract(epoch from a.backend_start) * 1000000)::bigint, a.usename::text, a.datname::text,
                    coalesce((extract(epoch from a.state_change) * 1000000)::bigint, 0))
                in (select pid, backend_start, usename, datname, coalesce(state_change, 0)
                      from unnest(?::int[], ?::bigint[], ?::text[], ?::text[], ?::bigint[])
                           as meant (pid, backend_start, usename, datname, state_change))
               and a.pid <> pg_catalog.pg_backend_pid()
               and %s""";

    /** A session that moved on to another statement, or another state, is not the one that was judged. */
    private static final String UNMOVED =
            "(extract(epoch from a.state_change) * 1000000)::bigint is not distinct from ?::bigint";

    private static final String ANY = "?::bigint is null";

    private Signals() {}

    /**
     * Asks the backend to end.
     *
     * @param unmoved only if it is still in the state that the row shows
     * @return whether there was such a backend
     */
    static boolean terminate(Session session, ActivityRow row, boolean unmoved) throws SQLException {
        return signal(session, "pg_catalog.pg_terminate_backend(a.pid)", row, unmoved);
    }

    /** Asks the backend to end the statement that the row shows; spares a later one. */
    static boolean cancel(Session session, ActivityRow row) throws SQLException {
        return signal(session, "pg_catalog.pg_cancel_backend(a.pid)", row, true);
    }

    private static boolean signal(Session session, String function, ActivityRow row, boolean unmoved)
            throws SQLException {
        String sql = GUARDED.formatted(function, Activity.clientBackend(session.server()), unmoved ? UNMOVED : ANY);
        try (PreparedStatement statement = session.connection().prepareStatement(sql)) {
            statement.setInt(1, row.pid());
            statement.setLong(2, row.backendStart());
            statement.setString(3, row.usename());
            statement.setString(4, row.datname());
            statement.setObject(5, unmoved ? stateChange(row) : null, Types.BIGINT);
            try (ResultSet found = statement.executeQuery()) {
                return found.next();
            }
        }
    }

    /**
     * Asks these backends to end, each only if it is still in the state that its row shows.
     *
     * @return the pids of those that were there
     */
    static Set<Integer> terminateAll(Session session, List<ActivityRow> rows) throws SQLException {
        Connection connection = session.connection();
        String sql = ALL_GUARDED.formatted(Activity.clientBackend(session.server()));
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, array(connection, "int4", rows, ActivityRow::pid));
            statement.setArray(2, array(connection, "int8", rows, ActivityRow::backendStart));
            statement.setArray(3, array(connection, "text", rows, ActivityRow::usename));
            statement.setArray(4, array(connection, "text", rows, ActivityRow::datname));
            statement.setArray(5, array(connection, "int8", rows, Signals::stateChange));
            Set<Integer> signalled = new HashSet<>();
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    signalled.add(found.getInt(1));
                }
            }
            return signalled;
        }
    }

    private static Array array(
            Connection connection, String type, List<ActivityRow> rows, Function<ActivityRow, @Nullable Object> value)
            throws SQLException {
        return connection.createArrayOf(type, rows.stream().map(value).toArray());
    }

    /** Microseconds since 1970, as the server computes them above. */
    private static @Nullable Long stateChange(ActivityRow row) {
        return row.stateChange() == null ? null : ChronoUnit.MICROS.between(Instant.EPOCH, row.stateChange());
    }
}
