// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.leaks;

import java.io.Serializable;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a call to JDBC came to, as the application saw it.
 *
 * @param exception class name of what was thrown; {@code none} when nothing was
 * @param suppressed what it carries: SQLSTATE and message of each
 */
record Fate(
        String exception,
        @Nullable String sqlState,
        @Nullable String message,
        List<String> suppressed) implements Serializable {
    private static final Fate NONE = new Fate("none", null, null, List.of());

    /** A call to JDBC. */
    interface Call {
        void run() throws Exception;
    }

    static Fate of(Call call) {
        try {
            call.run();
            return NONE;
        } catch (Exception thrown) {
            return of(thrown);
        }
    }

    static Fate of(Exception thrown) {
        return new Fate(
                thrown.getClass().getName(),
                thrown instanceof SQLException failed ? failed.getSQLState() : null,
                thrown.getMessage(),
                Arrays.stream(thrown.getSuppressed()).map(Fate::text).toList());
    }

    private static String text(Throwable suppressed) {
        String state = suppressed instanceof SQLException failed ? failed.getSQLState() : null;
        return suppressed.getClass().getName() + " " + state + " " + suppressed.getMessage();
    }
}
