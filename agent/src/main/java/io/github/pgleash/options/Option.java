// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.options;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The table of options: key, default and meaning, as README and {@code java -jar pgleash.jar} show it. */
public enum Option {
    APP(
            "app",
            "",
            "application name in the tag; by default the connection's own ApplicationName, else spring.application.name, OTEL_SERVICE_NAME, main class or jar name"),
    TAG(
            "tag",
            "{app}@{host}:{pid}",
            "pattern of the tag; also {instance} (random, per JVM run) and {original}; ASCII, at most 63 bytes, parts are shortened to fit"),
    TAGGING("tagging", "on", "off leaves application_name alone; everything else still works"),
    LEAK_AFTER("leak.after", "60s", "a borrow older than this is examined"),
    IDLE_IN_TRANSACTION_AFTER(
            "idleInTransaction.after", "60s", "when a backend that is idle in transaction is called stuck"),
    ACTIVE_AFTER("active.after", "0", "when a backend that runs one statement is called stuck"),
    BLOCKED_AFTER("blocked.after", "0", "when a backend that waits for a lock is called stuck"),
    ACTION("action", "report", "what automatic clean-up may do: report, cancel, terminate; rules have their own"),
    ACTION_AFTER("action.after", "5m", "how long a verdict must have stood before the action"),
    ACTION_MAX("action.max", "10/1m", "budget of automatic actions"),
    RULES("rules", "", "a file with rules for automatic clean-up; a change takes effect without a restart"),
    PATROL_INTERVAL("patrol.interval", "10s", "how often to look"),
    SHUTDOWN("shutdown", "on", "clean up at JVM exit"),
    SHUTDOWN_WAIT(
            "shutdown.wait", "2s", "how long clean-up at exit waits for the application's own; never longer than 5s"),
    CONTROL_URL("control.url", "", "JDBC URL of the control connection; by default the application's own"),
    CONTROL_USER("control.user", "", "role of the control connection; by default the application's own"),
    CONTROL_PASSWORD("control.password", "", "its password"),
    CONTROL_RESERVE("control.reserve", "off", "on keeps one control connection open, for the day when no slot is left"),
    STACKS(
            "stacks",
            "budget",
            "borrow stacks: always, budget (all until a fixed share of CPU is reached, then sampled), never"),
    QUERY("query", "masked", "statement text shown: off, masked (literals replaced), full"),
    LOG("log", "", "a file for pgleash's own log; by default stderr"),
    RECEIPTS("receipts", "log", "a file that gets each receipt as a line of JSON; by default the log gets it"),
    CONFIG("config", "", "a properties file with further options");

    private final String key;
    private final String defaultText;
    private final String meaning;

    Option(String key, String defaultText, String meaning) {
        this.key = key;
        this.defaultText = defaultText;
        this.meaning = meaning;
    }

    public String key() {
        return key;
    }

    /** The default as a user would write it; empty where there is none or the application decides. */
    public String defaultText() {
        return defaultText;
    }

    public String meaning() {
        return meaning;
    }

    /** {@code pgleash.leak.after}. */
    String systemProperty() {
        return "pgleash." + key;
    }

    /** {@code PGLEASH_LEAK_AFTER}. */
    String environmentVariable() {
        return "PGLEASH_" + key.replace('.', '_').toUpperCase(Locale.ROOT);
    }

    static @Nullable Option named(String key) {
        for (Option option : values()) {
            if (option.key.equals(key)) {
                return option;
            }
        }
        return null;
    }
}
