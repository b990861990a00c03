// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.options;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.options.Options.ActionMode;
import io.github.pgleash.options.Options.Budget;
import io.github.pgleash.options.Options.QueryMode;
import io.github.pgleash.options.Options.StackMode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionReaderTest {
    private static final List<String> KEYS =
            Stream.of(Option.values()).map(Option::key).toList();

    @Test
    void without_any_option_there_are_the_defaults_of_the_table() {
        Options options = with("");

        assertThat(options.app()).isNull();
        assertThat(options.tag()).isEqualTo("{app}@{host}:{pid}");
        assertThat(options.tagging()).isTrue();
        assertThat(options.leakAfter()).isEqualTo(Duration.ofSeconds(60));
        assertThat(options.idleInTransactionAfter()).isEqualTo(Duration.ofSeconds(60));
        assertThat(options.activeAfter()).isZero();
        assertThat(options.blockedAfter()).isZero();
        assertThat(options.action()).isEqualTo(ActionMode.REPORT);
        assertThat(options.actionAfter()).isEqualTo(Duration.ofMinutes(5));
        assertThat(options.actionMax()).isEqualTo(new Budget(10, Duration.ofMinutes(1)));
        assertThat(options.patrolInterval()).isEqualTo(Duration.ofSeconds(10));
        assertThat(options.shutdown()).isTrue();
        assertThat(options.shutdownWait()).isEqualTo(Duration.ofSeconds(2));
        assertThat(options.control().url()).isNull();
        assertThat(options.control().user()).isNull();
        assertThat(options.control().password()).isNull();
        assertThat(options.control().reserve()).isFalse();
        assertThat(options.stacks()).isEqualTo(StackMode.BUDGET);
        assertThat(options.query()).isEqualTo(QueryMode.MASKED);
        assertThat(options.log()).isNull();
        assertThat(options.complaints()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Option.class)
    void every_default_can_be_written_out(Option option) {
        Options options = Options.read(option.key() + "=" + option.defaultText(), new Properties(), Map.of());

        assertThat(options).isEqualTo(with(""));
    }

    @ParameterizedTest
    @EnumSource(Option.class)
    void an_empty_value_is_the_default(Option option) {
        // What a compose file makes of a variable that is not set.
        Options options = Options.read(null, new Properties(), Map.of(option.environmentVariable(), " "));

        assertThat(options).isEqualTo(with(""));
    }

    @ParameterizedTest
    @CsvSource({
        "500ms, 500",
        "1ms, 1",
        "30s, 30000",
        "5m, 300000",
        "1h, 3600000",
        "0, 0",
        "0s, 0",
        "90 s, 90000",
        "8760h, 31536000000"
    })
    void durations_are_written_with_a_unit(String text, long millis) {
        Options options = with("leak.after=" + text);

        assertThat(options.leakAfter()).hasMillis(millis);
        assertThat(options.complaints()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "60",
                "s",
                "-1s",
                "-0",
                "+1s",
                "1.5s",
                "1,5s",
                "1d",
                "1min",
                "1sec",
                "5M",
                "5S",
                "1e3s",
                "0x1s",
                "1s1s",
                "soon",
                "PT1M",
                "off",
                "8761h",
                "99999999999999999999s",
                "9223372036854775807h",
                "9223372036854775807s",
                "1 0s",
                "null",
                "∞",
                "🕐"
            })
    void anything_else_is_no_duration(String text) {
        for (Option option : Option.values()) {
            if (option.key().endsWith(".after") || option.key().matches("patrol.interval|shutdown.wait")) {
                assertThat(Options.read(null, system(option, text), Map.of()))
                        .satisfies(options -> isDefaultWithOneComplaint(options, option, text));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1/1s, 1, 1", "0/1h, 0, 3600", "10/1m, 10, 60", "3 / 5m, 3, 300", "2147483647/1h, 2147483647, 3600"})
    void a_budget_is_a_number_and_a_duration(String text, int count, long seconds) {
        assertThat(with("action.max=" + text).actionMax()).isEqualTo(new Budget(count, Duration.ofSeconds(seconds)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10",
                "1m",
                "/",
                "10/",
                "/1m",
                "10/0",
                "-1/1m",
                "x/1m",
                "10/x",
                "10/1m/1m",
                "1.5/1m",
                "2147483648/1m",
                "10 1m"
            })
    void anything_else_is_no_budget(String text) {
        isDefaultWithOneComplaint(with("action.max=" + text), Option.ACTION_MAX, text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "ON", "true", "True", "yes"})
    void a_switch_is_on_in_many_words(String text) {
        assertThat(with("control.reserve=" + text).control().reserve()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "OFF", "false", "False", "no"})
    void and_off(String text) {
        assertThat(with("tagging=" + text).tagging()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "0", "onn", "enabled", "o n", "-", "İ"})
    void anything_else_is_no_switch(String text) {
        for (Option option : new Option[] {Option.TAGGING, Option.SHUTDOWN, Option.CONTROL_RESERVE}) {
            isDefaultWithOneComplaint(
                    Options.read(null, system(option, text), Map.of()), option, text.toLowerCase(Locale.ROOT));
        }
    }

    @Test
    void choices_are_taken_in_any_case_and_language() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr"));
            assertThat(with("action=TERMINATE").action()).isEqualTo(ActionMode.TERMINATE);
            assertThat(with("action=cancel").action()).isEqualTo(ActionMode.CANCEL);
            assertThat(with("stacks=Always").stacks()).isEqualTo(StackMode.ALWAYS);
            assertThat(with("stacks=never").stacks()).isEqualTo(StackMode.NEVER);
            assertThat(with("query=off").query()).isEqualTo(QueryMode.OFF);
            assertThat(with("query=FULL").query()).isEqualTo(QueryMode.FULL);
            assertThat(with("tagging=OFF").tagging()).isFalse();
            assertThat(Options.read(null, new Properties(), Map.of("PGLEASH_IDLEINTRANSACTION_AFTER", "1s"))
                            .idleInTransactionAfter())
                    .hasSeconds(1);
        } finally {
            Locale.setDefault(before);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"kill", "terminat", "report,cancel", "1", "none", "[terminate]"})
    void anything_else_is_no_choice(String text) {
        for (Option option : new Option[] {Option.ACTION, Option.STACKS, Option.QUERY}) {
            Options options = Options.read(null, system(option, text), Map.of());
            isDefaultWithOneComplaint(options, option, text);
            assertThat(options.complaints().get(0)).contains("write one of").contains(option.defaultText());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{app}",
                "{instance}",
                "{original}",
                "fixed",
                "{app}{app}",
                "a {pid} b",
                "{host}/{app} ({pid})",
                "~!#$%&*",
                "fifty-three-characters-and-a-pid-make-sixty-three----{pid}"
            })
    void a_tag_pattern_is_made_of_parts_and_ascii(String pattern) {
        assertThat(Options.read(null, system(Option.TAG, pattern), Map.of()))
                .satisfies(options -> assertThat(options.tag()).isEqualTo(pattern))
                .satisfies(options -> assertThat(options.complaints()).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "}",
                "{}",
                "{app",
                "app}",
                "{App}",
                "{user}",
                "{{app}}",
                "{app }",
                "ä",
                "a\tb",
                "a\nb",
                "🐘",
                "\u007f{app}",
                "fifty-four-characters-and-a-pid-are-one-too-many------{pid}",
                "sixty-four-characters-without-any-part-at-all-are-one-too-many--"
            })
    void anything_else_is_no_tag_pattern(String pattern) {
        Options options = Options.read(null, system(Option.TAG, pattern), Map.of());

        assertThat(options.tag()).isEqualTo(Option.TAG.defaultText());
        assertThat(options.complaints()).singleElement().asString().startsWith("option tag=");
    }

    @Test
    void the_patrol_cannot_be_off_and_no_exit_is_held_up_for_long() {
        assertThat(with("patrol.interval=0").patrolInterval()).hasSeconds(10);
        assertThat(with("patrol.interval=0").complaints()).hasSize(1);
        assertThat(with("shutdown.wait=1h").shutdownWait()).hasSeconds(5);
        assertThat(with("shutdown.wait=1h").complaints()).hasSize(1);
        assertThat(with("shutdown.wait=5s").complaints()).isEmpty();
        assertThat(with("shutdown.wait=0").shutdownWait()).isZero();
    }

    @Test
    void the_log_goes_to_stderr_by_either_spelling() {
        assertThat(with("log=stderr").log()).isNull();
        assertThat(with("log=").log()).isNull();
        assertThat(with("log=a.log").log()).hasToString("a.log");
        assertThat(Options.read(null, system(Option.LOG, "a\u0000b"), Map.of()))
                .satisfies(options -> assertThat(options.log()).isNull())
                .satisfies(options -> assertThat(options.complaints()).hasSize(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "control.password=seekrit",
                "control.password=seekrit,nonsense",
                "control.password=a,seekrit",
                "control.password=a,seekrit=b",
                "control.password=a=seekrit",
                "control.password seekrit",
                "control.password:seekrit",
                "control.password:seekrit=x",
                "control.password,seekrit",
                "control.pasword=seekrit",
                "controlpassword=seekrit",
                "seekrit",
                "control.user=u,control.password=x,control.password=seekrit",
                "control.url=jdbc:postgresql://h/db?user=u&password=seekrit",
                "control.url=jdbc:postgresql://u:seekrit@h/db",
                "app=x,control.url=jdbc:postgresql://h/db?password=seekrit&sslpassword=seekrit,tagging=maybe",
            })
    void nothing_that_could_be_shown_has_the_password(String arguments) {
        Options options = with(arguments);

        assertThat(options.complaints().toString()).doesNotContain("seekrit");
        assertThat(options.toString()).doesNotContain("seekrit");
        assertThat(options.control().toString()).doesNotContain("seekrit");
    }

    @Test
    void not_even_from_the_other_three_places() {
        Properties system = system(Option.CONTROL_PASSWORD, "seekrit");
        Map<String, String> environment = Map.of("PGLEASH_CONTROL_PASSWORD", "seekrit", "PGLEASH_PASSWORD", "seekrit");

        Options options = Options.read("config=/no/such/file", system, environment);

        assertThat(options.control().password()).isEqualTo("seekrit");
        assertThat(options.complaints().toString()).doesNotContain("seekrit");
        assertThat(options.toString()).doesNotContain("seekrit");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,b", "a=b", "a,b=c", "a,b.c=d,e", ",", "=", "ä🐘", "a b"})
    void a_password_may_have_any_character(String password) {
        Options options = with("control.user=u,control.password=" + password + ",tagging=off");

        assertThat(options.control().password()).isEqualTo(password);
        assertThat(options.tagging()).isFalse();
        assertThat(options.complaints()).isEmpty();
    }

    @Test
    void reading_never_fails() {
        long seed = 20260101;
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            String arguments = nonsense(random);
            Properties system = new Properties();
            system.setProperty("pgleash." + anyKey(random), nonsense(random));
            Map<String, String> environment =
                    Map.of("PGLEASH_" + anyKey(random).replace('.', '_').toUpperCase(Locale.ROOT), nonsense(random));

            assertThat(Options.read(arguments, system, environment))
                    .as(arguments)
                    .isNotNull();
        }
    }

    private static String nonsense(Random random) {
        String[] pieces = {
            "=",
            ",",
            ",",
            "=",
            " ",
            "{",
            "}",
            "/",
            "0",
            "1",
            "-",
            "s",
            "ms",
            "h",
            "9999999999",
            "on",
            "off",
            "\\",
            "\u0000",
            "\n",
            "ä",
            "🐘",
            "\ud800",
            "'",
            "\"",
            "%s",
            "$1",
            "/no/such/file",
            "terminate",
            "{app}",
            "control.password",
            "config"
        };
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(12); length > 0; length--) {
            text.append(random.nextInt(4) == 0 ? anyKey(random) + "=" : pieces[random.nextInt(pieces.length)]);
        }
        return text.toString();
    }

    private static String anyKey(Random random) {
        return KEYS.get(random.nextInt(KEYS.size()));
    }

    private static void isDefaultWithOneComplaint(Options options, Option option, String text) {
        assertThat(options)
                .usingRecursiveComparison()
                .ignoringFields("complaints")
                .isEqualTo(with(""));
        assertThat(options.complaints())
                .singleElement()
                .asString()
                .startsWith("option " + option.key() + "=" + text + " is ignored: ")
                .endsWith("; using " + option.defaultText());
    }

    private static Properties system(Option option, String value) {
        Properties system = new Properties();
        system.setProperty("pgleash." + option.key(), value);
        return system;
    }

    private static Options with(String arguments) {
        return Options.read(arguments, new Properties(), Map.of());
    }
}
