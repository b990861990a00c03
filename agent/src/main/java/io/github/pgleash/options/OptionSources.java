// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.options;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Collects option texts from the four places a user can write them; the first that has a key wins: agent argument,
 * system property, environment, properties file. Runs in premain, so it does without regular expressions and lambdas.
 */
final class OptionSources {
    static final String PREFIX = "pgleash.";
    static final String ENVIRONMENT_PREFIX = "PGLEASH_";
    private static final int MOST_IGNORED_TOLD = 10;

    private final Map<Option, String> texts = new EnumMap<>(Option.class);
    private final List<String> complaints;
    private int ignored;

    private OptionSources(List<String> complaints) {
        this.complaints = complaints;
    }

    static Map<Option, String> collect(
            @Nullable String arguments, Properties system, Map<String, String> environment, List<String> complaints) {
        OptionSources sources = new OptionSources(complaints);
        sources.arguments(arguments == null ? "" : arguments);
        sources.systemProperties(system);
        sources.environment(environment);
        sources.file();
        sources.countRest();
        return sources.texts;
    }

    private void arguments(String arguments) {
        List<String> parts = parts(arguments);
        for (int i = 0; i < parts.size(); i++) {
            String part = parts.get(i);
            int equals = part.indexOf('=');
            if (equals < 0) {
                // Not shown: it may be a password, after a mistyped key.
                ignore("part " + (i + 1) + " of the agent argument is not key=value and is ignored; " + valid());
            } else {
                put(part.substring(0, equals).trim(), part.substring(equals + 1).trim(), "agent argument");
            }
        }
    }

    /**
     * Splits at commas; one that no {@code key=} follows belongs to the value, as in a URL with several hosts. In a
     * password, only a key that there is ends the value: a part of it must not be taken for an unknown key and told.
     */
    private static List<String> parts(String arguments) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        for (int comma = arguments.indexOf(','); comma >= 0; comma = arguments.indexOf(',', comma + 1)) {
            String part = arguments.substring(start, comma);
            if (part.indexOf('=') < 0 || startsOption(arguments, comma + 1, isSecret(part))) {
                add(parts, part);
                start = comma + 1;
            }
        }
        add(parts, arguments.substring(start));
        return parts;
    }

    private static boolean isSecret(String part) {
        return part.substring(0, part.indexOf('=')).trim().equals(Option.CONTROL_PASSWORD.key());
    }

    private static boolean startsOption(String text, int from, boolean onlyKnown) {
        int equals = text.indexOf('=', from);
        int end = text.indexOf(',', from);
        if (equals < 0 || (end >= 0 && end < equals)) {
            return false;
        }
        String key = text.substring(from, equals).trim();
        if (onlyKnown) {
            return Option.named(key) != null;
        }
        for (int i = 0; i < key.length(); i++) {
            if (!Character.isLetter(key.charAt(i)) && key.charAt(i) != '.') {
                return false;
            }
        }
        return !key.isEmpty();
    }

    private static void add(List<String> parts, String part) {
        if (!part.isBlank()) {
            parts.add(part.trim());
        }
    }

    private void systemProperties(Properties system) {
        for (String name : system.stringPropertyNames()) {
            String value = system.getProperty(name);
            if (name.startsWith(PREFIX) && value != null) {
                put(name.substring(PREFIX.length()), value.trim(), "system property " + GivenText.shown(name));
            }
        }
    }

    private void environment(Map<String, String> environment) {
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            String name = variable.getKey();
            if (name.startsWith(ENVIRONMENT_PREFIX)) {
                putVariable(name, variable.getValue().trim());
            }
        }
    }

    private void putVariable(String name, String value) {
        for (Option option : Option.values()) {
            if (option.environmentVariable().equals(name)) {
                texts.putIfAbsent(option, value);
                return;
            }
        }
        ignore("environment variable " + GivenText.shown(name) + " is no option and is ignored; " + valid());
    }

    private void file() {
        String name = texts.get(Option.CONFIG);
        if (name == null || name.isEmpty()) {
            return;
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of(name), StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException | RuntimeException trouble) {
            complaints.add("config file " + GivenText.shown(name) + " cannot be read ("
                    + GivenText.shown(trouble.toString()) + ") and is ignored");
            return;
        }
        for (String key : properties.stringPropertyNames()) {
            String option = key.startsWith(PREFIX) ? key.substring(PREFIX.length()) : key;
            put(option, properties.getProperty(key, "").trim(), "config file " + GivenText.shown(name));
        }
    }

    private void put(String key, String value, String source) {
        Option option = Option.named(key);
        if (option == null) {
            ignore(source + ": unknown option \"" + GivenText.key(key) + "\" is ignored; " + valid());
        } else {
            texts.putIfAbsent(option, value);
        }
    }

    /** Somebody else's file has hundreds of keys that are none of ours: a few lines tell what is wrong. */
    private void ignore(String complaint) {
        if (++ignored <= MOST_IGNORED_TOLD) {
            complaints.add(complaint);
        }
    }

    private void countRest() {
        if (ignored > MOST_IGNORED_TOLD) {
            complaints.add((ignored - MOST_IGNORED_TOLD) + " more unknown options are ignored");
        }
    }

    private static String valid() {
        StringBuilder keys = new StringBuilder("the options are");
        for (Option option : Option.values()) {
            keys.append(' ').append(option.key());
        }
        return keys.toString();
    }
}
