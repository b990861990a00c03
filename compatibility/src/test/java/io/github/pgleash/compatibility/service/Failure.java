// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.service;

import java.io.PrintWriter;
import java.io.Serializable;
import java.io.StringWriter;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * An exception as text, since the test's JVM need not have its class.
 *
 * @param type name of its class
 * @param message its message
 * @param sqlState of the first {@link SQLException} among it and its causes
 * @param stackTrace as it would be printed
 */
record Failure(
        String type, @Nullable String message, @Nullable String sqlState, String stackTrace) implements Serializable {
    static Failure of(Throwable thrown) {
        StringWriter stackTrace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(stackTrace, true));
        return new Failure(thrown.getClass().getName(), thrown.getMessage(), sqlState(thrown), stackTrace.toString());
    }

    private static @Nullable String sqlState(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException failed && failed.getSQLState() != null) {
                return failed.getSQLState();
            }
        }
        return null;
    }
}
