// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.options;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * All options, valid. What a user wrote wrongly has its default here and a line in {@link #complaints}; the meaning of
 * each is told in {@link Option}. Durations of {@link Duration#ZERO} are off.
 *
 * @param complaints what was wrong with the options that were given, one sentence each
 */
public record Options(
        @Nullable String app,
        String tag,
        boolean tagging,
        Duration leakAfter,
        Duration idleInTransactionAfter,
        Duration activeAfter,
        Duration blockedAfter,
        ActionMode action,
        Duration actionAfter,
        Budget actionMax,
        @Nullable Path rules,
        Duration patrolInterval,
        boolean shutdown,
        Duration shutdownWait,
        Control control,
        StackMode stacks,
        QueryMode query,
        @Nullable Path log,
        @Nullable Path receipts,
        List<String> complaints) {

    /** What automatic clean-up may do. */
    public enum ActionMode {
        REPORT,
        CANCEL,
        TERMINATE
    }

    /** When the stack of a borrow is taken. */
    public enum StackMode {
        ALWAYS,
        BUDGET,
        NEVER
    }

    /** How statement text is shown. */
    public enum QueryMode {
        OFF,
        MASKED,
        FULL
    }

    /** At most {@code count} actions in any {@code per}. */
    public record Budget(int count, Duration per) {}

    /**
     * How the control connection is made; null is the application's own. Its text never shows the password, nor the URL,
     * which may have one among its parameters.
     */
    public record Control(
            @Nullable String url,
            @Nullable String user,
            @Nullable String password,
            boolean reserve) {
        @Override
        public String toString() {
            return "Control[user=" + user + ", reserve=" + reserve + "]";
        }
    }

    public Options {
        complaints = List.copyOf(complaints);
    }

    /** Reads the options of this JVM; never fails. */
    public static Options read(@Nullable String arguments) {
        return read(arguments, System.getProperties(), System.getenv());
    }

    /** Where nobody has written any; as {@link Option} has them, without the classes that read its texts. */
    public static Options defaults() {
        return new Options(
                null,
                "{app}@{host}:{pid}",
                true,
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                Duration.ZERO,
                Duration.ZERO,
                ActionMode.REPORT,
                Duration.ofMinutes(5),
                new Budget(10, Duration.ofMinutes(1)),
                null,
                Duration.ofSeconds(10),
                true,
                Duration.ofSeconds(2),
                new Control(null, null, null, false),
                StackMode.BUDGET,
                QueryMode.MASKED,
                null,
                null,
                List.of());
    }

    static Options read(@Nullable String arguments, Properties system, Map<String, String> environment) {
        return OptionReader.read(arguments, system, environment);
    }
}
