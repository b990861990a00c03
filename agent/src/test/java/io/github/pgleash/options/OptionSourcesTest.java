// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionSourcesTest {
    @TempDir
    private Path folder;

    @Test
    void the_agent_argument_wins_over_all_other_places() throws Exception {
        Properties system = system("pgleash.app", "system");
        Map<String, String> environment = Map.of("PGLEASH_APP", "environment");
        String config = config("app=file");

        assertThat(Options.read("app=argument,config=" + config, system, environment)
                        .app())
                .isEqualTo("argument");
        assertThat(Options.read("config=" + config, system, environment).app()).isEqualTo("system");
        assertThat(Options.read("config=" + config, new Properties(), environment)
                        .app())
                .isEqualTo("environment");
        assertThat(Options.read("config=" + config, new Properties(), Map.of()).app())
                .isEqualTo("file");
        assertThat(Options.read(null, new Properties(), Map.of()).app()).isNull();
    }

    @Test
    void a_bad_value_that_wins_is_not_replaced_by_a_good_one_that_lost() {
        Options options = Options.read("leak.after=soon", system("pgleash.leak.after", "7s"), Map.of());

        assertThat(options.leakAfter()).hasSeconds(60);
        assertThat(options.complaints()).singleElement().asString().startsWith("option leak.after=soon is ignored: ");
    }

    @Test
    void of_a_key_that_is_given_twice_the_first_counts() {
        assertThat(arguments("app=one,app=two").app()).isEqualTo("one");
    }

    @ParameterizedTest
    @EnumSource(Option.class)
    void every_option_is_known_in_all_four_places(Option option) throws Exception {
        String value = option == Option.CONFIG ? config("# empty") : goodValue(option);

        assertThat(arguments(option.key() + "=" + value).complaints()).isEmpty();
        assertThat(Options.read(null, system("pgleash." + option.key(), value), Map.of())
                        .complaints())
                .isEmpty();
        String variable = "PGLEASH_" + option.key().replace('.', '_').toUpperCase(java.util.Locale.ROOT);
        assertThat(Options.read(null, new Properties(), Map.of(variable, value)).complaints())
                .isEmpty();
        assertThat(arguments("config=" + config(option.key() + "=" + value.replace("\\", "\\\\")))
                        .complaints())
                .isEmpty();
    }

    @Test
    void a_file_may_write_the_keys_as_system_properties_are_written() throws Exception {
        assertThat(arguments("config=" + config("pgleash.app=orders")).app()).isEqualTo("orders");
    }

    @Test
    void the_file_can_be_named_in_the_environment() throws Exception {
        assertThat(Options.read(null, new Properties(), Map.of("PGLEASH_CONFIG", config("app=orders")))
                        .app())
                .isEqualTo("orders");
    }

    @Test
    void unknown_keys_are_named_together_with_where_they_stand_and_the_valid_ones() throws Exception {
        String config = config("leek.after=1s");
        Options options = Options.read(
                "leakAfter=1s,config=" + config,
                system("pgleash.leak-after", "1s"),
                Map.of("PGLEASH_LEAK__AFTER", "1s"));

        assertThat(options.complaints())
                .hasSize(4)
                .allSatisfy(complaint -> assertThat(complaint)
                        .contains("is ignored; the options are app tag tagging leak.after ")
                        .doesNotContain("1s"))
                .satisfiesExactlyInAnyOrder(
                        complaint -> assertThat(complaint).startsWith("agent argument: unknown option \"leakAfter\""),
                        complaint -> assertThat(complaint)
                                .startsWith("system property pgleash.leak-after: unknown option \"leak-after\""),
                        complaint -> assertThat(complaint)
                                .startsWith("environment variable PGLEASH_LEAK__AFTER is no option"),
                        complaint -> assertThat(complaint)
                                .startsWith("config file " + config + ": unknown option \"leek.after\""));
        assertThat(options.leakAfter()).hasSeconds(60);
    }

    @Test
    void keys_are_told_apart_by_case_in_arguments_and_environment_alike() {
        assertThat(arguments("APP=x").complaints()).hasSize(1);
        assertThat(Options.read(null, new Properties(), Map.of("pgleash_app", "x"))
                        .app())
                .isNull();
    }

    @Test
    void what_belongs_to_others_is_left_alone() {
        Properties system = system("pgleashed.app", "x");
        system.setProperty("user.name", "x");
        system.put("pgleash.leak.after", 5);
        system.put(7, "x");

        assertThat(Options.read(null, system, Map.of("PGLEASHED", "x", "PATH", "x"))
                        .complaints())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            control.url=jdbc:postgresql://a:1,b:2/db                       | jdbc:postgresql://a:1,b:2/db
            control.url=jdbc:postgresql://a,b,c/db?x=1,control.user=u      | jdbc:postgresql://a,b,c/db?x=1
            control.user=u,control.url=jdbc:postgresql://a,b/db?x=1&y=2    | jdbc:postgresql://a,b/db?x=1&y=2
            control.url=jdbc:postgresql://a:1,b:2/db?targetServerType=any  | jdbc:postgresql://a:1,b:2/db?targetServerType=any
            control.url=jdbc:postgresql://[::1]:1,[::2]:2/db?a=b,tag={app} | jdbc:postgresql://[::1]:1,[::2]:2/db?a=b
            control.url= jdbc:postgresql://a/db , app = x                  | jdbc:postgresql://a/db
            """)
    void a_comma_in_a_value_stays_there_unless_a_key_follows(String arguments, String url) {
        Options options = arguments(arguments);

        assertThat(options.control().url()).isEqualTo(url);
        assertThat(options.complaints()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "C:\\Program Files\\pgleash\\pgleash.log",
                "C:/logs/a=b.log",
                "\\\\server\\share\\pgleash.log",
                "C:\\logs\\one, two.log"
            })
    void paths_of_windows_are_taken_as_they_are(String path) {
        Options options = arguments("app=x,log=" + path + ",tagging=off");

        assertThat(options.log()).hasToString(Path.of(path).toString());
        assertThat(options.tagging()).isFalse();
        assertThat(options.complaints()).isEmpty();
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {" ", ",", ",,,", " , , "})
    void no_arguments_are_no_reason_to_complain(@Nullable String arguments) {
        Options options = Options.read(arguments, new Properties(), Map.of());

        assertThat(options).isEqualTo(Options.read(null, new Properties(), Map.of()));
        assertThat(options.complaints()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"=", "=x", "a=b=c", "nonsense", "app", "äöü=1", "🐘", "a,b", "app:x", "tagging off", "--help"})
    void nonsense_is_ignored_with_a_complaint(String arguments) {
        Options options = arguments(arguments);

        assertThat(options.complaints()).isNotEmpty().allMatch(complaint -> complaint.contains("is ignored"));
        assertThat(options)
                .usingRecursiveComparison()
                .ignoringFields("complaints")
                .isEqualTo(arguments(""));
    }

    @Test
    void good_options_beside_nonsense_count() {
        Options options = arguments("nonsense,app=orders,x=,tagging=off");

        assertThat(options.app()).isEqualTo("orders");
        assertThat(options.tagging()).isFalse();
        assertThat(options.complaints()).hasSize(2);
    }

    @Test
    void a_complaint_is_one_short_line_however_long_the_nonsense_is() {
        String control = "\n\r\u001b[31m\u0000";
        String flood = "x".repeat(10_000);

        for (String arguments : new String[] {
            flood,
            flood + "=1",
            "leak.after=" + flood,
            "a" + control + "=1",
            "action=" + control,
            "tag=" + control,
            control
        }) {
            assertThat(arguments(arguments).complaints()).allSatisfy(complaint -> {
                assertThat(complaint.length()).isLessThan(1_000);
                assertThat(complaint.chars()).noneMatch(Character::isISOControl);
            });
        }
    }

    @Test
    void a_config_file_that_is_missing_is_named() {
        Options options = arguments("app=x,config=" + folder.resolve("nowhere.properties"));

        assertThat(options.complaints())
                .singleElement()
                .asString()
                .startsWith("config file " + folder.resolve("nowhere.properties") + " cannot be read (")
                .contains("NoSuchFileException")
                .endsWith("and is ignored");
        assertThat(options.app()).isEqualTo("x");
    }

    @Test
    void so_is_one_that_is_a_folder_or_no_path_at_all() {
        assertThat(arguments("config=" + folder).complaints()).hasSize(1);
        assertThat(Options.read(null, system("pgleash.config", "a\u0000b"), Map.of())
                        .complaints())
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"app=\\u00zz", "app=x\ncontrol.password=secr\\u3"})
    void a_malformed_config_file_is_ignored_as_a_whole(String text) throws Exception {
        Options options = arguments("config=" + config(text));

        assertThat(options.app()).isNull();
        assertThat(options.complaints())
                .singleElement()
                .asString()
                .contains("cannot be read")
                .doesNotContain("secr");
    }

    @Test
    void a_config_file_in_another_encoding_is_ignored_as_a_whole() throws Exception {
        Path file = folder.resolve("latin1.properties");
        Files.write(file, new byte[] {'a', 'p', 'p', '=', (byte) 0xfc});

        assertThat(arguments("config=" + file).complaints()).hasSize(1);
    }

    @Test
    void a_config_file_cannot_name_another() throws Exception {
        String inner = config("app=inner");
        Path outer = folder.resolve("outer.properties");
        Files.writeString(outer, "config=" + inner + "\ntagging=off\n");

        Options options = arguments("config=" + outer);

        assertThat(options.app()).isNull();
        assertThat(options.tagging()).isFalse();
    }

    private static String goodValue(Option option) {
        return option.defaultText().isEmpty() ? "x" : option.defaultText();
    }

    private static Options arguments(String arguments) {
        return Options.read(arguments, new Properties(), Map.of());
    }

    private static Properties system(String key, String value) {
        Properties system = new Properties();
        system.setProperty(key, value);
        return system;
    }

    private String config(String text) throws Exception {
        Path file = Files.createTempFile(folder, "pgleash", ".properties");
        Files.writeString(file, text);
        return file.toString();
    }
}
