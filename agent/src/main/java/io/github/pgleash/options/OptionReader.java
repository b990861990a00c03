// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.options;

import io.github.pgleash.options.Options.ActionMode;
import io.github.pgleash.options.Options.Budget;
import io.github.pgleash.options.Options.Control;
import io.github.pgleash.options.Options.QueryMode;
import io.github.pgleash.options.Options.StackMode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Turns option texts into {@link Options}; a bad text becomes a complaint and the default. */
final class OptionReader {
    private static final Duration LONGEST_SHUTDOWN_WAIT = Duration.ofSeconds(5);

    private final Map<Option, String> texts;
    private final List<String> complaints;

    private OptionReader(Map<Option, String> texts, List<String> complaints) {
        this.texts = texts;
        this.complaints = complaints;
    }

    static Options read(@Nullable String arguments, Properties system, Map<String, String> environment) {
        List<String> complaints = new ArrayList<>();
        return new OptionReader(OptionSources.collect(arguments, system, environment, complaints), complaints)
                .options();
    }

    private Options options() {
        return new Options(
                text(Option.APP),
                tag(),
                onOff(Option.TAGGING),
                duration(Option.LEAK_AFTER),
                duration(Option.IDLE_IN_TRANSACTION_AFTER),
                duration(Option.ACTIVE_AFTER),
                duration(Option.BLOCKED_AFTER),
                choice(Option.ACTION, ActionMode.values()),
                duration(Option.ACTION_AFTER),
                budget(),
                file(Option.RULES, ""),
                patrolInterval(),
                onOff(Option.SHUTDOWN),
                shutdownWait(),
                new Control(
                        text(Option.CONTROL_URL),
                        text(Option.CONTROL_USER),
                        text(Option.CONTROL_PASSWORD),
                        onOff(Option.CONTROL_RESERVE)),
                choice(Option.STACKS, StackMode.values()),
                choice(Option.QUERY, QueryMode.values()),
                file(Option.LOG, "stderr"),
                file(Option.RECEIPTS, "log"),
                complaints);
    }

    private @Nullable String text(Option option) {
        String text = texts.get(option);
        return text == null || text.isEmpty() ? null : text;
    }

    private String textOrDefault(Option option) {
        String text = text(option);
        return text == null ? option.defaultText() : text;
    }

    private String tag() {
        String pattern = text(Option.TAG);
        if (pattern == null) {
            return Option.TAG.defaultText();
        }
        String trouble = troubleWithTag(pattern);
        if (trouble == null) {
            return pattern;
        }
        complain(Option.TAG, pattern, trouble);
        return Option.TAG.defaultText();
    }

    private static @Nullable String troubleWithTag(String pattern) {
        int fixed = 0;
        int at = 0;
        while (at < pattern.length()) {
            char c = pattern.charAt(at);
            if (c == '{') {
                int end = pattern.indexOf('}', at);
                String name = end < 0 ? "" : pattern.substring(at + 1, end);
                if (!List.of("app", "host", "pid", "instance", "original").contains(name)) {
                    return "the parts are {app}, {host}, {pid}, {instance} and {original}";
                }
                fixed += name.equals("pid") ? 10 : name.equals("instance") ? 8 : 1;
                at = end + 1;
            } else if (c < ' ' || c > '~' || c == '}') {
                return "only printable ASCII characters may stand in it";
            } else {
                fixed++;
                at++;
            }
        }
        return fixed > 63 ? "its fixed text leaves no room in 63 bytes" : null;
    }

    private boolean onOff(Option option) {
        String text = textOrDefault(option).toLowerCase(Locale.ROOT);
        return switch (text) {
            case "on", "true", "yes" -> true;
            case "off", "false", "no" -> false;
            default -> {
                complain(option, text, "write on or off");
                yield option.defaultText().equals("on");
            }
        };
    }

    private Duration patrolInterval() {
        Duration interval = duration(Option.PATROL_INTERVAL);
        if (interval.isZero()) {
            complain(Option.PATROL_INTERVAL, "0", "the patrol cannot be off");
            return DurationText.parse(Option.PATROL_INTERVAL.defaultText());
        }
        return interval;
    }

    private Duration shutdownWait() {
        Duration wait = duration(Option.SHUTDOWN_WAIT);
        if (wait.compareTo(LONGEST_SHUTDOWN_WAIT) > 0) {
            complaints.add("option shutdown.wait: an exit is never held up for longer than 5s; using 5s");
            return LONGEST_SHUTDOWN_WAIT;
        }
        return wait;
    }

    private Duration duration(Option option) {
        Duration standard = DurationText.parse(option.defaultText());
        String text = text(option);
        if (text == null) {
            return standard;
        }
        try {
            return DurationText.parse(text);
        } catch (IllegalArgumentException notADuration) {
            complain(option, text, "write a duration, for instance 500ms, 30s, 5m or 1h; 0 is off");
            return standard;
        }
    }

    private Budget budget() {
        String text = text(Option.ACTION_MAX);
        if (text != null) {
            try {
                return parseBudget(text);
            } catch (IllegalArgumentException notABudget) {
                complain(Option.ACTION_MAX, text, "write a number and a duration, for instance 10/1m");
            }
        }
        return parseBudget(Option.ACTION_MAX.defaultText());
    }

    private static Budget parseBudget(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException(text);
        }
        int count = Integer.parseInt(text.substring(0, slash).trim());
        Duration per = DurationText.parse(text.substring(slash + 1).trim());
        if (count < 0 || per.isZero()) {
            throw new IllegalArgumentException(text);
        }
        return new Budget(count, per);
    }

    private <E extends Enum<E>> E choice(Option option, E[] choices) {
        String text = textOrDefault(option);
        E standard = choices[0];
        StringBuilder names = new StringBuilder("write one of");
        for (E choice : choices) {
            String name = choice.name().toLowerCase(Locale.ROOT);
            if (name.equalsIgnoreCase(text)) {
                return choice;
            }
            if (name.equals(option.defaultText())) {
                standard = choice;
            }
            names.append(' ').append(name);
        }
        complain(option, text, names.toString());
        return standard;
    }

    /** @param none the text that means no file */
    private @Nullable Path file(Option option, String none) {
        String file = text(option);
        if (file == null || file.equals(none)) {
            return null;
        }
        try {
            return file == null ? null : Path.of(file);
        } catch (InvalidPathException notAPath) {
            complain(option, file, "that is not a path");
            return null;
        }
    }

    private void complain(Option option, String text, String remedy) {
        String standard = option.defaultText().isEmpty() ? "the default" : option.defaultText();
        complaints.add("option " + option.key() + "=" + GivenText.shown(text) + " is ignored: " + remedy + "; using "
                + standard);
    }
}
