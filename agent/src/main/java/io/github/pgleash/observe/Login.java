// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.observe;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

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
}
