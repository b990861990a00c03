// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.observe;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that the server has under certain names: all that can be seen of connections through a pooler, which gives
 * its sessions to one client after the other. In a transaction a session is its client's alone and has its name; an idle
 * one only has the name of whoever had it last.
 *
 * @param passedOn whether the pooler tells the server its clients' names at all, as it did with our own
 */
public record NamedSessions(boolean passedOn, List<NamedSession> sessions) {
    /** PgBouncer may add where the client is ({@code application_name_add_host}). */
    private static final String QUERY = """
            select a.pid,
                   (extract(epoch from a.backend_start) * 1000000)::bigint,
                   (extract(epoch from a.xact_start) * 1000000)::bigint,
                   a.state
              from pg_catalog.pg_stat_activity a
             where exists (select 1 from pg_catalog.unnest(?::text[]) n
                            where a.application_name = n
                               or pg_catalog.left(a.application_name, pg_catalog.length(n) + 3) = n || ' - ')
               and a.pid <> pg_catalog.pg_backend_pid()
               and a.backend_start is not null
               and %s""";

    private static final String OWN = """
            select pg_catalog.left(pg_catalog.current_setting('application_name'), pg_catalog.length(?)) = ?""";

    public NamedSessions {
        sessions = List.copyOf(sessions);
    }

    /** @param transactionStart in microseconds since 1970; null outside of a transaction */
    public record NamedSession(
            int pid,
            long backendStart,
            @Nullable Long transactionStart,
            @Nullable String state) {
        /** Whether the other one shows what this one showed, at a later time. */
        public boolean isSameTransaction(NamedSession later) {
            return pid == later.pid
                    && backendStart == later.backendStart
                    && Objects.equals(transactionStart, later.transactionStart);
        }
    }

    /** Reads them now. */
    public static NamedSessions read(ControlConnection.Session session, Collection<String> names) throws SQLException {
        List<NamedSession> sessions = new ArrayList<>();
        String sql = QUERY.formatted(Activity.clientBackend(session.server()));
        try (PreparedStatement statement = session.connection().prepareStatement(sql)) {
            statement.setArray(1, session.connection().createArrayOf("text", names.toArray()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    sessions.add(new NamedSession(
                            row.getInt(1), row.getLong(2), row.getObject(3, Long.class), row.getString(4)));
                }
            }
        }
        return new NamedSessions(isPassedOn(session), sessions);
    }

    private static boolean isPassedOn(ControlConnection.Session session) throws SQLException {
        try (PreparedStatement statement = session.connection().prepareStatement(OWN)) {
            statement.setString(1, session.name());
            statement.setString(2, session.name());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    /** Those in a transaction now. */
    public List<NamedSession> inTransaction() {
        return sessions.stream()
                .filter(session -> session.transactionStart() != null)
                .toList();
    }
}
