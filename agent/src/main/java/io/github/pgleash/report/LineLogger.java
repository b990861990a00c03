// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.report;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/**
 * The log: one line an event, to stderr or to the file of the {@code log} option. It is handed to whoever logs, so that
 * neither slf4j's search for a provider nor any logging of the application's is ever touched.
 */
public final class LineLogger extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1;

    private final transient PrintStream out;

    private LineLogger(PrintStream out) {
        this.out = out;
    }

    /** @param file null is stderr; so is a file that cannot be written, which is said there */
    public static Logger to(@Nullable Path file) {
        if (file == null) {
            return new LineLogger(System.err);
        }
        try {
            return new LineLogger(new PrintStream(
                    Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND), true, "UTF-8"));
        } catch (IOException | RuntimeException unwritable) {
            Logger stderr = new LineLogger(System.err);
            stderr.warn("log file {} cannot be written ({}), logging to stderr", file, unwritable.toString());
            return stderr;
        }
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            String message,
            Object @Nullable [] arguments,
            @Nullable Throwable throwable) {
        String text = MessageFormatter.basicArrayFormat(message, arguments);
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        out.println("pgleash " + now + " " + level + " " + OneLine.of(text)
                + (throwable == null ? "" : ": " + OneLine.of(throwable.toString())));
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    public boolean isTraceEnabled() {
        return false;
    }

    @Override
    public boolean isDebugEnabled() {
        return false;
    }

    @Override
    public boolean isInfoEnabled() {
        return true;
    }

    @Override
    public boolean isWarnEnabled() {
        return true;
    }

    @Override
    public boolean isErrorEnabled() {
        return true;
    }
}
