// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.observe;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** What is between this JVM and a server, as a control connection finds out when it is opened. */
public enum Route {
    /** Nothing that matters: the pid that the driver was told is the backend's own. */
    DIRECT,
    /**
     * PgBouncer, RDS Proxy and the like: the pid is made up, and the session on the server is another client's in the
     * next moment. What is set there stays there, and what is ended there may be somebody else's.
     */
    POOLER,
    /** Pgpool-II takes the end of a backend (57P01) for that of the whole server, and fails over. */
    PGPOOL;

    /** Has it no such parameter, it is PostgreSQL itself; Pgpool-II answers in the server's place. */
    private static final String UNDEFINED_OBJECT = "42704";

    private static final String QUERY = """
            select pg_catalog.pg_backend_pid(), coalesce(pg_catalog.inet_client_port(), 0)""";

    /**
     * Tells which it is, and changes nothing. Most poolers give themselves away by the pid. Pgpool-II passes the
     * backend's own on, and only shows when it is asked; a server would note that question as an error in its log, so it
     * is asked only where the socket that the server sees is not ours.
     *
     * @param line what the driver knows
     */
    static Route of(Connection connection, Login.Line line) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet server = statement.executeQuery(QUERY)) {
            server.next();
            if (server.getInt(1) != line.pid()) {
                return POOLER;
            }
            int port = server.getInt(2);
            if (port != 0 && port == line.port()) {
                return DIRECT;
            }
        }
        return isPgpool(connection) ? PGPOOL : DIRECT;
    }

    private static boolean isPgpool(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery("show pool_version")) {
            return answer.next();
        } catch (SQLException no) {
            if (UNDEFINED_OBJECT.equals(no.getSQLState())) {
                return false;
            }
            throw no;
        }
    }
}
