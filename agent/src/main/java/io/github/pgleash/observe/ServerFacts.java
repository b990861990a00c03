// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.observe;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who answered at login.
 *
 * @param versionNumber {@code server_version_num}, 180006 for 18.6
 * @param version as the server writes it
 * @param address the server's own address and port; null on a Unix-domain socket
 * @param started when the postmaster was started: after a restart, nothing that was known before holds
 * @param role the role we are
 * @param superuser whether that role may do everything
 * @param unset which settings that end what a dead client leaves behind are off for that role, or the system's default;
 *     null when none is
 */
public record ServerFacts(
        int versionNumber,
        String version,
        @Nullable String address,
        @Nullable Instant started,
        String role,
        boolean superuser,
        @Nullable String unset) {
    /** From here on {@code backend_type} tells clients from workers. */
    public static final int WITH_BACKEND_TYPE = 100_000;
    /** From here on {@code leader_pid} tells whose parallel worker it is. */
    public static final int WITH_LEADER_PID = 130_000;

    /** Nothing in it is looked up by the search path: at this moment, that may be anybody's. */
    private static final String QUERY = """
            select pg_catalog.current_setting('server_version_num'), pg_catalog.current_setting('server_version'),
                   pg_catalog.host(pg_catalog.inet_server_addr()), pg_catalog.inet_server_port(),
                   pg_catalog.pg_postmaster_start_time(), current_user, pg_catalog.current_setting('is_superuser'),
                   session_user, (pg_catalog.current_schemas(true))[1],
                   (select pg_catalog.string_agg(s.name, ', ' order by s.name)
                      from pg_catalog.pg_settings s
                     where s.reset_val = '0'
                       and s.name in ('client_connection_check_interval', 'idle_in_transaction_session_timeout',
                                      'statement_timeout', 'tcp_keepalives_idle', 'transaction_timeout'))""";

    /**
     * An application's settings, or the role's on the server, may give each new session another role and another path:
     * that role might not see the sessions of the one that logs in, and what we call is found in {@code pg_catalog}
     * first, unless the path names that later. Not without need: behind a pooler, settings may reach somebody else.
     */
    private static final String PLAIN = "set role none; set search_path = pg_catalog";

    /** Asks the server, and makes the session one of the role that has logged in. */
    static ServerFacts read(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            ServerFacts facts = ask(statement);
            if (facts == null) {
                statement.execute(PLAIN);
                facts = ask(statement);
            }
            if (facts == null) {
                throw new SQLException("the session keeps another role or search path than it was told to");
            }
            return facts;
        }
    }

    /** Null as long as the session has another role, or looks elsewhere than in {@code pg_catalog} first. */
    private static @Nullable ServerFacts ask(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery(QUERY)) {
            row.next();
            String role = row.getString(6);
            if (!role.equals(row.getString(8)) || !"pg_catalog".equals(row.getString(9))) {
                return null;
            }
            String host = row.getString(3);
            Timestamp started = row.getTimestamp(5);
            return new ServerFacts(
                    row.getInt(1),
                    row.getString(2),
                    host == null ? null : host + ":" + row.getInt(4),
                    started == null ? null : started.toInstant(),
                    role,
                    "on".equals(row.getString(7)),
                    row.getString(10));
        }
    }

    /** Which net is missing for the day on which the JVM is killed; empty when none is. */
    public Optional<String> uncovered() {
        return Optional.ofNullable(unset).map(names -> "not set: " + names);
    }
}
