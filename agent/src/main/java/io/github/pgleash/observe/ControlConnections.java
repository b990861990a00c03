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
     * @param reserve whether they stay open once they are, as long as the application has connections
     * @param idle otherwise, after how much time without use they are closed
     */
    public ControlConnections(String applicationName, boolean reserve, Duration idle) {
        this.applicationName = applicationName;
        this.reserve = reserve;
        this.idle = idle;
    }

    /** Does the work as that role on that server. */
    public <T extends @Nullable Object> T use(Login login, ControlConnection.Work<T> work) throws SQLException {
        return connections
                .computeIfAbsent(login.name(), name -> new ControlConnection(applicationName))
                .use(login, work);
    }

    /**
     * Closes those that nobody used for a while, and at once those through a driver of which the application has no
     * connection any more: it may be a web application's that was stopped, and they would keep its class loader. Called by
     * the patrol.
     *
     * @param drivers those of which it has
     */
    public void closeIdle(Set<Class<?>> drivers) {
        long now = System.nanoTime();
        for (ControlConnection connection : connections.values()) {
            if (!drivers.contains(connection.driver())) {
                connection.closeIfIdle(Duration.ZERO, now);
            } else if (!reserve) {
                connection.closeIfIdle(idle, now);
            }
        }
    }

    /** Closes all that are not in use at this moment. */
    public void closeAll() {
        long now = System.nanoTime();
        connections.values().forEach(connection -> connection.closeIfIdle(Duration.ZERO, now));
    }
}
