// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.observe;

import io.github.pgleash.observe.ControlConnection.Session;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a control connection is opened: with which credentials and timeouts, what is between, and what may be set on it. One
 * for each control connection, guarded by its lock.
 */
final class ControlLogin {
    /** For the login, and for a sign of life. */
    static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** Longer than any single wait of ours on the server, shorter than an operator's patience. */
    private static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(8);

    private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(10);

    private static final String SETTINGS = """
            set statement_timeout = %d; set lock_timeout = %1$d; set default_transaction_read_only = on""".formatted(STATEMENT_TIMEOUT.toMillis());

    private final String applicationName;
    private final Refusals refusals = new Refusals();
    private @Nullable Route routeOfApplication;

    /** @param applicationName under which it is seen in {@code pg_stat_activity} */
    ControlLogin(String applicationName) {
        this.applicationName = applicationName;
    }

    /** Whether credentials were refused, and shall not be tried again at once. */
    boolean remembersRefusals() {
        return !refusals.isEmpty();
    }

    Session open(Login login) throws SQLException {
        Route application = routeOfApplication(login);
        Connection connection = connect(login);
        return prepare(connection, login.line(connection), application);
    }

    private Connection connect(Login login) throws SQLException {
        long edition = login.edition();
        refusals.check(edition, System.nanoTime());
        try {
            Connection connection = login.open(settings());
            refusals.accepted();
            return connection;
        } catch (SQLException failed) {
            throw Refusals.isRefusal(failed) ? refusals.refused(edition, failed, System.nanoTime()) : failed;
        }
    }

    /** Where the control connection goes its own way, the application's is looked at first; null where it does not. */
    private @Nullable Route routeOfApplication(Login login) throws SQLException {
        try (Connection glance = login.openAsApplication(settings())) {
            if (glance == null) {
                return null;
            }
            Route found = Route.of(glance, login.line(glance));
            routeOfApplication = found;
            return found;
        } catch (SQLException notNow) {
            Route known = routeOfApplication;
            if (known == null) {
                // Not knowing is not direct: behind Pgpool-II, one signal could cost a server.
                throw new SQLException(
                        "the application's own way to the server must be known before control.url is used, and cannot be"
                                + " looked at: " + notNow.getMessage(),
                        notNow.getSQLState(),
                        notNow);
            }
            return known;
        }
    }

    private Map<String, String> settings() {
        return Map.of(
                "ApplicationName",
                applicationName,
                "loginTimeout",
                Long.toString(TIMEOUT.toSeconds()),
                "connectTimeout",
                Long.toString(TIMEOUT.toSeconds()),
                "socketTimeout",
                Long.toString(SOCKET_TIMEOUT.toSeconds()),
                "prepareThreshold",
                "0",
                "tcpKeepAlive",
                "true",
                // Pgpool-II answers for itself only to the simple protocol.
                "preferQueryMode",
                "extendedForPrepared");
    }

    /** Whose session it is comes first: through a pooler, the settings would stay behind for other clients. */
    private Session prepare(Connection connection, Login.Line line, @Nullable Route application) throws SQLException {
        try {
            connection.setAutoCommit(true);
            Route route = Route.of(connection, line);
            if (route == Route.DIRECT) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute(SETTINGS);
                }
            }
            return new Session(
                    connection,
                    ServerFacts.read(connection),
                    application == null ? route : application,
                    applicationName,
                    System.nanoTime());
        } catch (SQLException | RuntimeException unusable) {
            try {
                connection.close();
            } catch (SQLException ignored) {
                // it is of no use either way
            }
            throw unusable;
        }
    }
}
