// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.report;

import io.github.pgleash.judge.InstantText;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
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

    private final transient @Nullable Path file;
    private transient @Nullable PrintStream out;

    private LineLogger(@Nullable Path file) {
        this.file = file;
    }

    /** @param file null is stderr; so is a file that cannot be written, which is said there */
    public static LineLogger to(@Nullable Path file) {
        return new LineLogger(file);
    }

    /**
     * Opens the file, if that has not been done, and says so if it cannot be written. Not done by {@link #to}, which any
     * thread of the application may come to, and several at once: the file is opened by the first line, or the patrol.
     */
    public void open() {
        out();
    }

    private synchronized PrintStream out() {
        PrintStream opened = out;
        if (opened == null) {
            opened = opened();
            out = opened;
        }
        return opened;
    }

    private PrintStream opened() {
        if (file == null) {
            return System.err;
        }
        try {
            return new PrintStream(
                    Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND), true, "UTF-8");
        } catch (IOException | RuntimeException unwritable) {
            System.err.println(line(
                    Level.WARN, "log file " + file + " cannot be written (" + unwritable + "), logging to stderr"));
            return System.err;
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
        out().println(line(level, text) + (throwable == null ? "" : ": " + OneLine.of(throwable.toString())));
    }

    private static String line(Level level, String text) {
        String now = InstantText.of(Instant.now().truncatedTo(ChronoUnit.MILLIS));
        return "pgleash " + now + " " + level + " " + OneLine.of(text);
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
