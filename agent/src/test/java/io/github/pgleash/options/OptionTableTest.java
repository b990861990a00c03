// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** README's table of options is that of {@link Option}: when this fails, what is expected is the text to put there. */
class OptionTableTest {
    private static final Path README = Path.of("..", "README.md");
    private static final String BEGIN = "<!-- options -->";
    private static final String END = "<!-- /options -->";

    @Test
    void the_readme_has_every_option_with_its_default_and_meaning() throws Exception {
        String readme = Files.readString(README);
        int begin = readme.indexOf(BEGIN);
        int end = readme.indexOf(END);
        assertThat(begin).as(BEGIN).isNotNegative();
        assertThat(end).as(END).isGreaterThan(begin);

        assertThat(rows(readme.substring(begin + BEGIN.length(), end))).isEqualTo(table());
    }

    /** Without the head of the table. */
    private static String rows(String text) {
        return text.lines().filter(line -> line.startsWith("| `")).collect(Collectors.joining("\n"));
    }

    private static String table() {
        StringJoiner table = new StringJoiner("\n");
        for (Option option : Option.values()) {
            table.add("| " + code(option.key()) + " | " + code(option.defaultText()) + " | "
                    + option.meaning().replace("|", "\\|") + " |");
        }
        return table.toString();
    }

    private static String code(String text) {
        return text.isEmpty() ? "" : "`" + text + "`";
    }

    @ParameterizedTest
    @EnumSource(Option.class)
    void the_names_of_an_option_follow_from_its_key(Option option) {
        assertThat(option.key()).matches("[a-z]+[A-Za-z]*(\\.[a-z]+)?");
        assertThat(option.systemProperty()).isEqualTo("pgleash." + option.key());
        assertThat(option.environmentVariable())
                .isEqualTo("PGLEASH_" + option.key().replace('.', '_').toUpperCase(Locale.ROOT));
        assertThat(Option.named(option.key())).isSameAs(option);
        assertThat(option.meaning()).isNotBlank().doesNotContain("\n").doesNotEndWith(".");
    }

    @Test
    void no_two_options_share_a_name_in_any_place() {
        Set<String> keys = new HashSet<>();
        Set<String> variables = new HashSet<>();
        for (Option option : Option.values()) {
            assertThat(keys.add(option.key())).as(option.key()).isTrue();
            assertThat(variables.add(option.environmentVariable()))
                    .as(option.environmentVariable())
                    .isTrue();
        }
    }
}
