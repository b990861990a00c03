// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import io.github.pgleash.observe.Login;
import io.github.pgleash.track.Origin;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How to log in where a connection came from: as the application does, or as the {@code control} options say. One login
 * for each server and role: the same role may do to its own sessions whatever it wants, without any grant.
 */
public final class Logins {
    private final @Nullable String url;
    private final @Nullable String user;
    private final @Nullable String password;

    /** The three {@code control} options; null is the application's own. */
    public Logins(@Nullable String url, @Nullable String user, @Nullable String password) {
        this.url = url;
        this.user = user;
        this.password = password;
    }

    /** Whether they go where the application's own go, and the same way. */
    boolean areTheApplications() {
        return url == null;
    }

    Login of(Origin origin) {
        return new OriginLogin(origin);
    }

    private final class OriginLogin implements Login {
        private final Origin origin;

        OriginLogin(Origin origin) {
            this.origin = origin;
        }

        @Override
        public String name() {
            return (user == null ? origin.address().role() : user) + "@"
                    + origin.address().server();
        }

        /** A password that was given is never another. */
        @Override
        public long edition() {
            return password == null ? origin.edition() : 0;
        }

        @Override
        public Connection open(Map<String, String> settings) throws SQLException {
            if (!origin.knowsLogin() && password == null) {
                throw new SQLException("all connections of " + origin.address()
                        + " were open before pgleash was attached, so it has no password for a control connection; "
                        + "it will have with the next new connection, or set control.user and control.password");
            }
            try {
                return origin.open(url, withOptions(settings));
            } catch (SQLException failed) {
                throw withoutUrl(failed);
            }
        }

        private Map<String, String> withOptions(Map<String, String> settings) {
            Map<String, String> overrides = new HashMap<>(settings);
            if (user != null) {
                overrides.put("user", user);
            }
            if (password != null) {
                overrides.put("password", password);
            }
            return overrides;
        }

        /** As the application where its password is known: the control role may be one that a pooler has not heard of. */
        @Override
        public @Nullable Connection openAsApplication(Map<String, String> settings) throws SQLException {
            return url == null ? null : origin.open(null, origin.knowsLogin() ? settings : withOptions(settings));
        }

        @Override
        public Line line(Connection connection) {
            return new Line(origin.reportedPid(connection), origin.localPort(connection));
        }

        /** A driver that cannot read a URL quotes it, and there may be a password in it. */
        private SQLException withoutUrl(SQLException failed) {
            String message = failed.getMessage();
            return url == null || message == null || !message.contains(url)
                    ? failed
                    : new SQLException(message.replace(url, "of control.url"), failed.getSQLState());
        }
    }
}
