// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.observe;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
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
    /** From here on {@code pg_terminate_backend} can wait. */
    public static final int WITH_TERMINATE_TIMEOUT = 140_000;

    private static final String QUERY = """
            select current_setting('server_version_num')::int, current_setting('server_version'),
                   host(inet_server_addr()) || ':' || inet_server_port(), pg_postmaster_start_time(),
                   current_user::text, current_setting('is_superuser') = 'on',
                   (select string_agg(s.name, ', ' order by s.name)
                      from pg_catalog.pg_settings s
                     where s.reset_val = '0'
                       and s.name in ('client_connection_check_interval', 'idle_in_transaction_session_timeout',
                                      'statement_timeout', 'tcp_keepalives_idle', 'transaction_timeout'))""";

    static ServerFacts read(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(QUERY)) {
            row.next();
            java.sql.Timestamp started = row.getTimestamp(4);
            return new ServerFacts(
                    row.getInt(1),
                    row.getString(2),
                    row.getString(3),
                    started == null ? null : started.toInstant(),
                    row.getString(5),
                    row.getBoolean(6),
                    row.getString(7));
        }
    }

    /** Which net is missing for the day on which the JVM is killed; empty when none is. */
    public String uncovered() {
        return unset == null ? "" : "; not set: " + unset;
    }
}
