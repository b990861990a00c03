// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.observe;

import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one query on {@code pg_stat_activity}: client backends among the given pids, by pid. A row whose {@code
 * backend_start} is hidden from our role is left out, since it could not be told from another's. {@code
 * pg_blocking_pids} takes the lock manager's locks, so it is called only for those that wait for a lock. Pids and locks
 * are looked up in subqueries that the server makes hash tables of, so that thousands of sessions take it no longer each
 * than ten.
 */
public final class Activity {
    private static final String QUERY = """
            select a.pid,
                   (extract(epoch from a.backend_start) * 1000000)::bigint as backend_start,
                   extract(epoch from n.at - a.backend_start) as backend_age,
                   a.usename::text as usename,
                   a.datname::text as datname,
                   a.application_name,
                   host(a.client_addr) as client_addr,
                   a.state,
                   (extract(epoch from a.xact_start) * 1000000)::bigint as xact_start,
                   (extract(epoch from a.query_start) * 1000000)::bigint as query_start,
                   (extract(epoch from a.state_change) * 1000000)::bigint as state_change,
                   extract(epoch from n.at - a.xact_start) as xact_age,
                   extract(epoch from n.at - a.state_change) as state_age,
                   extract(epoch from n.at - a.query_start) as query_age,
                   a.wait_event_type,
                   a.wait_event,
                   left(a.query, 4096) as query,
                   case when a.wait_event_type = 'Lock'
                        then array_to_string(pg_catalog.pg_blocking_pids(a.pid), ',') end as blocked_by,
                   case when a.pid in (select pg_catalog.unnest(?::int[]))
                        then a.pid in (select l.pid from pg_catalog.pg_locks l
                                        where l.locktype = 'advisory' and l.pid is not null) end as advisory
              from pg_catalog.pg_stat_activity a
             cross join (select pg_catalog.clock_timestamp() as at) n
             where a.pid in (select pg_catalog.unnest(?::int[]))
               and a.pid <> pg_catalog.pg_backend_pid()
               and a.backend_start is not null
               and %s""";

    private static final String STARTS = """
            select a.pid, (extract(epoch from a.backend_start) * 1000000)::bigint
              from pg_catalog.pg_stat_activity a
             where a.pid in (select pg_catalog.unnest(?::int[]))
               and a.backend_start is not null""";

    private static final String KIND = """
            select %s, %s, a.pid = pg_catalog.pg_backend_pid(), a.backend_start is null, a.usename::text
              from pg_catalog.pg_stat_activity a
             where a.pid = ?""";

    private Activity() {}

    /**
     * Reads them now.
     *
     * @param suspects those of them whose locks are looked at as well
     */
    public static Map<Integer, ActivityRow> read(
            ControlConnection.Session session, Collection<Integer> pids, Collection<Integer> suspects)
            throws SQLException {
        Map<Integer, ActivityRow> rows = new HashMap<>();
        try (PreparedStatement statement =
                session.connection().prepareStatement(QUERY.formatted(clientBackend(session.server())))) {
            statement.setArray(1, array(session, suspects));
            statement.setArray(2, array(session, pids));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows.put(row.getInt("pid"), row(row));
                }
            }
        }
        return rows;
    }

    /** {@code backend_start} of those that are there: less work for the server than {@link #read}, and no lock. */
    public static Map<Integer, Long> starts(ControlConnection.Session session, Collection<Integer> pids)
            throws SQLException {
        Map<Integer, Long> starts = new HashMap<>();
        try (PreparedStatement statement = session.connection().prepareStatement(STARTS)) {
            statement.setArray(1, array(session, pids));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    starts.put(row.getInt(1), row.getLong(2));
                }
            }
        }
        return starts;
    }

    /** Not as text, which the server would read anew for each row. */
    static Array array(ControlConnection.Session session, Collection<Integer> pids) throws SQLException {
        return session.connection().createArrayOf("int4", pids.toArray());
    }

    /** What kind of process has that pid, in words; null when there is none. For telling people, not for deciding. */
    public static @Nullable String kindOf(ControlConnection.Session session, int pid) throws SQLException {
        String sql = KIND.formatted(
                session.server().versionNumber() >= ServerFacts.WITH_BACKEND_TYPE ? "a.backend_type" : "null::text",
                session.server().versionNumber() >= ServerFacts.WITH_LEADER_PID ? "a.leader_pid" : "null::int");
        try (PreparedStatement statement = session.connection().prepareStatement(sql)) {
            statement.setInt(1, pid);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return null;
                }
                String type = row.getString(1);
                String leader = row.getString(2);
                if (row.getBoolean(3)) {
                    return "pgleash's own control connection";
                }
                if (row.getBoolean(4) && row.getString(5) != null) {
                    return "a session of role " + row.getString(5) + ", whose details are hidden from role "
                            + session.server().role() + ": it needs pg_read_all_stats, or membership in that role";
                }
                return leader == null
                        ? "another session" + (type == null ? "" : " (" + type + ")")
                        : "a " + type + " of pid " + leader + ", which is the one to act on";
            }
        }
    }

    /** The pid that the control connection's own backend has on the server. */
    public static int ownPid(ControlConnection.Session session) throws SQLException {
        try (PreparedStatement statement = session.connection().prepareStatement("select pg_catalog.pg_backend_pid()");
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }

    /** The condition that leaves out workers: a client's backend has a client port, on 9.6 the only sign. */
    public static String clientBackend(ServerFacts server) {
        return server.versionNumber() >= ServerFacts.WITH_BACKEND_TYPE
                ? "a.backend_type = 'client backend'"
                : "a.client_port is not null";
    }

    private static ActivityRow row(ResultSet row) throws SQLException {
        Duration backendAge = age(row, "backend_age");
        return new ActivityRow(
                row.getInt("pid"),
                row.getLong("backend_start"),
                backendAge == null ? Duration.ZERO : backendAge,
                row.getString("usename"),
                row.getString("datname"),
                row.getString("application_name"),
                row.getString("client_addr"),
                row.getString("state"),
                instant(row, "xact_start"),
                instant(row, "query_start"),
                instant(row, "state_change"),
                age(row, "xact_age"),
                age(row, "state_age"),
                age(row, "query_age"),
                row.getString("wait_event_type"),
                row.getString("wait_event"),
                row.getString("query"),
                row.getString("blocked_by"),
                row.getBoolean("advisory"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        long micros = row.getLong(column);
        return row.wasNull() ? null : Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static @Nullable Duration age(ResultSet row, String column) throws SQLException {
        double seconds = row.getDouble(column);
        return row.wasNull() ? null : Duration.of(Math.max(0, Math.round(seconds * 1e6)), ChronoUnit.MICROS);
    }
}
