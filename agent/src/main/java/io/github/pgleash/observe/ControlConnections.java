// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.observe;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The control connections, one for each server and role; empty while nobody looks. */
public final class ControlConnections {
    private final String applicationName;
    private final boolean reserve;
    private final Duration idle;
    private final Map<String, ControlConnection> connections = new ConcurrentHashMap<>();

    /**
     * @param applicationName under which they are seen in {@code pg_stat_activity}
     * @param reserve whether they stay open once they are
     * @param idle otherwise, after how much time without use they are closed
     */
    public ControlConnections(String applicationName, boolean reserve, Duration idle) {
        this.applicationName = applicationName;
        this.reserve = reserve;
        this.idle = idle;
    }

    /** Does the work as that role on that server. */
    public <T extends @Nullable Object> T use(Login login, ControlConnection.Work<T> work) throws SQLException {
        while (true) {
            try {
                return connections
                        .computeIfAbsent(login.name(), name -> new ControlConnection(applicationName))
                        .use(login, work);
            } catch (ControlConnection.Retired meanwhile) {
                // it is being taken out at this moment, so the next one is another
            }
        }
    }

    /**
     * Has the one for that login open, where they are reserved: on the day when no slot is left it is too late. Called by
     * the patrol.
     */
    public void reserve(Login login) throws SQLException {
        if (reserve) {
            connections
                    .computeIfAbsent(login.name(), name -> new ControlConnection(applicationName))
                    .keepOpen(login);
        }
    }

    /** Closes the one for that login, unless it is reserved or in use: somebody else needs the slot more. */
    public void giveBack(Login login) {
        ControlConnection connection = connections.get(login.name());
        if (connection != null && !reserve) {
            connection.closeIfIdle(Duration.ZERO, System.nanoTime());
        }
    }

    /** Closes those that nobody used for a while. Called by the patrol. */
    public void closeIdle() {
        if (!reserve) {
            long now = System.nanoTime();
            connections.values().forEach(connection -> connection.closeIfIdle(idle, now));
        }
    }

    /**
     * Closes those that are for none of these logins, reserved or not: there is nothing left to act on, and each is made
     * with the application's driver, whose class loader it would keep. They are forgotten, too: where a role is made for
     * each lease, there would be more and more of them. Called by the patrol.
     */
    public void closeUnless(Set<String> served) {
        connections.forEach((login, connection) -> {
            if (!served.contains(login) && connection.retire()) {
                connections.remove(login, connection);
            }
        });
    }
}
