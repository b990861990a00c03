// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.sample;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A plain connection of a JVM without the agent: what it sees, the server says and not pgleash. */
final class Witness implements AutoCloseable {
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final Connection connection;

    private Witness(Connection connection) {
        this.connection = connection;
    }

    static Witness of(Server server) throws SQLException {
        return new Witness(server.connect("witness"));
    }

    String serverVersion() throws SQLException {
        return connection.getMetaData().getDatabaseProductVersion();
    }

    /** The other client sessions on this database. */
    List<Session> sessions() throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                        select pid, backend_start::text, application_name, coalesce(state, ''),
                               coalesce(wait_event_type, '')
                        from pg_stat_activity
                        where datname = current_database() and backend_type = 'client backend'
                          and pid <> pg_backend_pid()
                        order by backend_start""");
                ResultSet row = query.executeQuery()) {
            List<Session> sessions = new ArrayList<>();
            while (row.next()) {
                sessions.add(new Session(
                        row.getInt(1), row.getString(2), row.getString(3), row.getString(4), row.getString(5)));
            }
            return List.copyOf(sessions);
        }
    }

    /** Whether the same process still serves the same session; a pid alone may have been given anew. */
    boolean sees(Session session) throws SQLException {
        return sessions().stream().anyMatch(session::isSameBackend);
    }

    /** Tries to update the article's row, waits half a second at most for its lock, and leaves it as it was. */
    boolean canUpdate(int article) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("set local lock_timeout = '500ms'");
            return statement.executeUpdate("update pgleash_sample.stock set price = price where article = " + article)
                    == 1;
        } catch (SQLException failure) {
            if (LOCK_NOT_AVAILABLE.equals(failure.getSQLState())) {
                return false;
            }
            throw failure;
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    /** A row of {@code pg_stat_activity}; the start as the server writes it, only good for comparison. */
    record Session(int pid, String backendStart, String applicationName, String state, String waitEventType) {
        static String heading() {
            return String.format("%8s  %-40s %-20s %s", "pid", "application_name", "state", "wait_event_type");
        }

        boolean isSameBackend(Session other) {
            return pid == other.pid && backendStart.equals(other.backendStart);
        }

        @Override
        public String toString() {
            return String.format("%8d  %-40s %-20s %s", pid, applicationName, state, waitEventType)
                    .stripTrailing();
        }
    }
}
