// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.options;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.HostileText;
import io.github.pgleash.LineRules;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is written into the options, the agent starts, and what it says of them is a few short lines. */
class HostileOptionsTest {
    private static final int TRIES = 20_000;
    private static final int FILES = 1_000;
    private static final int LONGEST = 1_000;
    private static final int MOST_COMPLAINTS = 2 * Option.values().length;
    private static final String SECRET = "zq7secret";

    @TempDir
    Path folder;

    private final HostileText text = new HostileText();

    @Test
    void hostile_arguments_properties_and_variables_never_throw_and_are_complained_of_in_lines() {
        for (int i = 0; i < TRIES; i++) {
            Properties system = new Properties();
            system.setProperty("pgleash." + key(), text.next());
            system.setProperty("pgleash.control.password", SECRET + text.next());
            Map<String, String> environment = new HashMap<>();
            environment.put("PGLEASH_" + key().toUpperCase(Locale.ROOT), text.next());
            environment.put("PGLEASH_CONTROL_PASSWORD", SECRET + text.next());
            check(OptionReader.read(arguments(), system, environment));
        }
        System.out.println(TRIES + " hostile options, " + text.seed());
    }

    @Test
    void hostile_files_never_throw_either() throws IOException {
        for (int i = 0; i < FILES; i++) {
            Path file = folder.resolve("config");
            byte[] bytes = (arguments().replace(',', '\n') + text.next()).getBytes(StandardCharsets.UTF_8);
            for (int noise = text.random().nextInt(4); noise > 0 && bytes.length > 0; noise--) {
                bytes[text.random().nextInt(bytes.length)] =
                        (byte) text.random().nextInt();
            }
            Files.write(file, bytes);
            check(OptionReader.read("config=" + file, new Properties(), Map.of()));
        }
        check(OptionReader.read("config=" + folder, new Properties(), Map.of()));
        System.out.println(FILES + " hostile option files, " + text.seed());
    }

    @Test
    void somebody_elses_long_file_is_complained_of_in_few_lines() throws IOException {
        Path file = folder.resolve("application.properties");
        StringJoiner lines = new StringJoiner("\n");
        for (int i = 0; i < 10_000; i++) {
            lines.add("spring.datasource.number" + i + "=" + SECRET);
        }
        lines.add("app=shop");
        Files.writeString(file, lines.toString());
        Options options = OptionReader.read("config=" + file, new Properties(), Map.of());
        check(options);
        assertThat(options.app()).isEqualTo("shop");
        assertThat(options.complaints()).last().asString().contains("more");
    }

    @Test
    void a_password_behind_a_wrong_separator_is_not_told() {
        for (String arguments : List.of(
                "query=full;control.password=" + SECRET,
                "leak.after=\u0130\u0130\u0130 Control.Password:" + SECRET,
                "tag={nope} password " + SECRET)) {
            Options options = OptionReader.read(arguments, new Properties(), Map.of());
            assertThat(options.complaints()).hasSize(1);
            check(options);
        }
    }

    private void check(Options options) {
        assertThat(options.complaints().size()).isLessThanOrEqualTo(MOST_COMPLAINTS);
        for (String complaint : options.complaints()) {
            String trouble = LineRules.trouble(complaint, LONGEST);
            assertThat(trouble).as(() -> text.seed() + ": " + complaint).isNull();
            assertThat(complaint).doesNotContain(SECRET);
        }
    }

    private String arguments() {
        StringJoiner arguments = new StringJoiner(text.random().nextInt(20) == 0 ? "" : ",");
        for (int parts = text.random().nextInt(6); parts > 0; parts--) {
            String value = text.random().nextInt(4) == 0
                    ? text.oneOf("0", "5s", "-1s", "9999999h", "on", "{app}{", "{host}@{pid}", "1/1m", "/", "always")
                    : text.next();
            arguments.add(key() + (text.random().nextInt(10) == 0 ? "" : "=") + value);
        }
        arguments.add("control.password=" + SECRET);
        return arguments.toString();
    }

    private String key() {
        List<Option> options = List.of(Option.values());
        return text.random().nextInt(5) == 0
                ? text.next()
                : options.get(text.random().nextInt(options.size())).key();
    }
}
