// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.observe;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How to log in to one server as one role: through the application's own driver, with its newest credentials. */
public interface Login {
    /** Who and where, for people and as a key: {@code role@host:port}. */
    String name();

    /** Which credentials these are: another number once newer ones have worked for the application. */
    long edition();

    /**
     * Opens a new connection. Bounded by the timeouts among the settings.
     *
     * @param settings driver settings that are to win over the application's
     */
    Connection open(Map<String, String> settings) throws SQLException;

    /**
     * Opens a connection the way that the application takes, to be looked at and closed; null where {@link #open} takes
     * that way.
     */
    @Nullable
    Connection openAsApplication(Map<String, String> settings) throws SQLException;

    /** What the driver knows of a connection that was opened here; touches no network. */
    Line line(Connection connection);

    /**
     * One end of a connection.
     *
     * @param pid as the server reported it, or whoever answered in its place; 0 for none
     * @param port of our socket; 0 where the driver does not tell
     */
    record Line(int pid, int port) {}
}
