// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What is said before anything is started. */
final class CommandLineTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    --frobnicate                           | Unknown option: '--frobnicate'
                    --do leak,frobnicate                   | 'frobnicate'
                    --url jdbc:mysql://localhost/orders    | --url must begin with jdbc:postgresql:
                    --user me                              | give its --url too
                    --pool-size 0                          | --pool-size must be at least 1, but is 0
                    --pool-size many                       | 'many' is not an int
                    """)
    void wrong_arguments_of_the_service_give_a_sentence_and_exit_code_2(String arguments, String sentence) {
        assertThat(execute(LeakyService.commandLine(), arguments.split(" "))).isEqualTo(2);
        assertThat(err.toString()).contains(sentence).contains("--help").doesNotContain("\tat ");
    }

    @Test
    void wrong_arguments_of_the_demo_give_a_sentence_and_exit_code_2() {
        assertThat(execute(demo(), "--frobnicate")).isEqualTo(2);
        assertThat(err.toString()).contains("Unknown option: '--frobnicate'");
    }

    @Test
    void help_names_every_instruction() {
        assertThat(execute(LeakyService.commandLine(), "--help")).isZero();
        for (Instruction instruction : Instruction.values()) {
            assertThat(out.toString()).contains(instruction.toString());
        }
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void help_of_the_demo_is_shown() {
        assertThat(execute(demo(), "--help")).isZero();
        assertThat(out.toString()).contains("PGLEASH_JAR");
    }

    @Test
    void without_the_agent_the_demo_says_how_to_build_it(@TempDir Path folder) {
        Path jar = folder.resolve("pgleash.jar");

        assertThat(execute(demo(), jar.toString())).isEqualTo(1);
        assertThat(err.toString())
                .contains(jar + " is not there; build it with: mvn -ntp -DskipTests -pl agent -am package");
    }

    @Test
    void a_server_that_is_not_there_is_named_without_its_password() {
        assertThat(execute(LeakyService.commandLine(), "--url", "jdbc:postgresql://localhost:1/orders?password=secret"))
                .isEqualTo(1);
        assertThat(err.toString())
                .contains("cannot connect to jdbc:postgresql://localhost:1/orders (")
                .contains("check that it runs")
                .doesNotContain("secret");
    }

    private int execute(CommandLine command, String... arguments) {
        return command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(arguments);
    }

    private static CommandLine demo() {
        return Demo.commandLine(System.out);
    }
}
