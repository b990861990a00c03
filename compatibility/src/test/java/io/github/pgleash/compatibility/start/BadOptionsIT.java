// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.start;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.start.Program.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is written wrongly: a line for each mistake, the default instead, and an application that goes on. */
final class BadOptionsIT {
    private static final PostgresServer SERVER = PostgresServers.shared();

    /** All options that do not take just any text. */
    private static final List<String> STRICT = List.of(
            "tagging",
            "leak.after",
            "idleInTransaction.after",
            "active.after",
            "blocked.after",
            "action",
            "action.after",
            "action.max",
            "patrol.interval",
            "shutdown",
            "shutdown.wait",
            "control.reserve",
            "stacks",
            "query",
            "config");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {"nonsense", "-1s", "1 fortnight", "99999999999999999999h", "9999999h", "Ünïcödé", "a\nb\rc"})
    void every_option_is_wrong_in_this_way(String value) throws IOException, InterruptedException {
        String options = STRICT.stream().map(key -> key + "=" + value).collect(Collectors.joining(","));
        assertThatEachIsComplainedAboutOnce(visit(new Program(folder).agent(options)));
    }

    @Test
    void every_system_property_is_wrong() throws IOException, InterruptedException {
        Program program = new Program(folder).agent("");
        STRICT.forEach(key -> program.jvmArgument("-Dpgleash." + key + "=nonsense"));
        assertThatEachIsComplainedAboutOnce(visit(program));
    }

    @Test
    void every_environment_variable_is_wrong() throws IOException, InterruptedException {
        Program program = new Program(folder).agent("");
        STRICT.forEach(
                key -> program.environment("PGLEASH_" + key.replace('.', '_').toUpperCase(Locale.ROOT), "nonsense"));
        assertThatEachIsComplainedAboutOnce(visit(program));
    }

    @Test
    void every_line_of_the_config_file_is_wrong() throws IOException, InterruptedException {
        Path config = folder.resolve("config");
        Files.write(config, STRICT.stream().map(key -> key + "=nonsense").toList(), UTF_8);
        Outcome outcome = visit(new Program(folder).agent("config=" + config));
        assertThat(outcome.stderr()).hasSize(STRICT.size() - 1);
        assertGoesOn(outcome);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "}",
                "{nobody}",
                "{pid",
                "ü",
                "x\ty",
                "1234567890123456789012345678901234567890123456789012345678901234"
            })
    void a_tag_is_wrong(String tag) throws IOException, InterruptedException {
        Outcome outcome = visit(new Program(folder).agent("tag=" + tag));
        assertThat(outcome.stderr()).hasSize(1).first().asString().contains("option tag=");
        assertGoesOn(outcome);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "=", "=,=,,=", ",,,", "a=b=c,d", "leak.after==30s", "pgleash.app=x"})
    void the_agents_argument_is_nonsense(String argument) throws IOException, InterruptedException {
        Outcome outcome = visit(new Program(folder).agent(argument));
        assertThat(outcome.stderr()).hasSizeLessThanOrEqualTo(3);
        assertGoesOn(outcome);
    }

    @Test
    void unknown_keys_are_named_once_with_the_known_ones() throws IOException, InterruptedException {
        Outcome outcome = visit(new Program(folder)
                .agent("leek.after=1s")
                .jvmArgument("-Dpgleash.tags=x")
                .environment("PGLEASH_PATROL", "x"));
        assertThat(outcome.stderr())
                .hasSize(3)
                .allSatisfy(line -> assertThat(line).contains("leak.after", "control.password"))
                .anyMatch(line -> line.contains("\"leek.after\""))
                .anyMatch(line -> line.contains("pgleash.tags"))
                .anyMatch(line -> line.contains("PGLEASH_PATROL"));
        assertGoesOn(outcome);
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing", ".", "garbage"})
    void the_config_file_cannot_be_read(String name) throws IOException, InterruptedException {
        Files.write(folder.resolve("garbage"), new byte[] {'a', '=', (byte) 0xff, '\\', 'u', 'x', 0, 1});
        Outcome outcome = visit(new Program(folder).agent("config=" + folder.resolve(name)));
        assertThat(outcome.stderr()).hasSize(1).first().asString().contains("config file", "ignored");
        assertGoesOn(outcome);
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing/log", "."})
    void the_log_cannot_be_written(String name) throws IOException, InterruptedException {
        Outcome outcome = visit(new Program(folder).agent("log=" + folder.resolve(name)));
        assertThat(outcome.stderr())
                .hasSizeLessThanOrEqualTo(1)
                .allSatisfy(line -> assertThat(line).contains("log file", "cannot be written"));
        assertGoesOn(outcome);
    }

    private static Outcome visit(Program program) throws IOException, InterruptedException {
        return program.run(Visitor.class, SERVER.url(), APP, SECRET);
    }

    private static void assertThatEachIsComplainedAboutOnce(Outcome outcome) {
        assertThat(outcome.stderr()).hasSize(STRICT.size());
        for (String key : STRICT) {
            String named = key.equals("config") ? "config file " : "option " + key + "=";
            assertThat(outcome.stderr())
                    .as(key)
                    .filteredOn(line -> line.contains(named))
                    .hasSize(1);
        }
        assertGoesOn(outcome);
    }

    private static void assertGoesOn(Outcome outcome) {
        assertThat(outcome.stderr()).allSatisfy(line -> assertThat(line).startsWith("pgleash"));
        assertThat(outcome.stdout()).containsExactly("name Visitor");
        assertThat(outcome.status()).isEqualTo(Visitor.STATUS);
    }
}
