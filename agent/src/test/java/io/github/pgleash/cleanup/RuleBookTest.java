// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.cleanup;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.act.Problems;
import io.github.pgleash.report.LineLogger;
import io.github.pgleash.rules.Measure;
import io.github.pgleash.rules.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

class RuleBookTest {
    private static final Duration AFTER = Duration.ofMinutes(5);
    private static final long MOMENT = Duration.ofMillis(600).toNanos();

    @TempDir
    private Path folder;

    private Path file;
    private Path log;
    private Problems problems;
    private RuleBook book;
    private long now = -MOMENT;

    @BeforeEach
    void start() {
        file = folder.resolve("rules.properties");
        log = folder.resolve("log.txt");
        Logger logger = LineLogger.to(log);
        problems = new Problems(logger);
        book = new RuleBook(file, Measure.TERMINATE, AFTER, problems, logger);
    }

    @Test
    void without_a_file_the_options_rule_is_in_force() {
        RuleBook none = new RuleBook(null, Measure.CANCEL, AFTER, problems, LineLogger.to(log));
        none.refresh(now);
        assertThat(none.rules()).containsExactly(Rule.builtIn(Measure.CANCEL, AFTER));
        assertThat(none.describe()).isEqualTo("rules: default");
    }

    @Test
    void the_files_rules_come_before_that_of_the_options() throws Exception {
        write("rule.a.action = cancel");
        book.refresh(now);
        assertThat(names()).containsExactly("a", "default");
        assertThat(book.describe()).isEqualTo("rules: a, default, from " + file);
        assertThat(Files.readString(log)).contains("rules in force: a, default");
    }

    @Test
    void before_the_first_round_nothing_acts() {
        assertThat(book.rules()).containsExactly(Rule.builtIn(Measure.REPORT, AFTER));
    }

    @Test
    void a_change_is_taken_up_once_it_has_been_there_for_a_moment() throws Exception {
        write("rule.a.action = cancel");
        book.refresh(now);
        write("rule.b.action = cancel");
        book.refresh(now);
        assertThat(names()).containsExactly("a", "default");
        moment();
        assertThat(names()).containsExactly("b", "default");
    }

    /** Emptied, half written, whole: an editor is at work. */
    @Test
    void what_is_being_written_is_not_taken_up() throws Exception {
        write("rule.a.action = cancel");
        book.refresh(now);
        for (String half : List.of("", "rule.b", "rule.b.action = ", "rule.b.action = cancel\nrule.c.act")) {
            write(half);
            now += MOMENT / 2;
            book.refresh(now);
            assertThat(names()).containsExactly("a", "default");
        }
        write("rule.b.action = cancel\nrule.c.action = cancel");
        moment();
        moment();
        assertThat(names()).containsExactly("b", "c", "default");
        assertThat(problems.list()).isEmpty();
    }

    @Test
    void an_error_is_told_once_and_the_last_good_rules_stay() throws Exception {
        write("rule.a.action = cancel");
        book.refresh(now);
        write("rule.a.action = cancel\nrule.b.action = kill");
        for (int i = 0; i < 5; i++) {
            moment();
        }
        assertThat(names()).containsExactly("a", "default");
        assertThat(problems.list())
                .singleElement()
                .asString()
                .contains("line 2: rule.b.action: write one of")
                .endsWith("the last good rules stay in force");
        assertThat(Files.readString(log)).containsOnlyOnce("is refused");

        write("rule.b.action = cancel");
        moment();
        moment();
        assertThat(names()).containsExactly("b", "default");
        assertThat(problems.list()).isEmpty();
    }

    @Test
    void a_file_that_was_never_good_lets_nothing_act() throws Exception {
        write("rule.b.action = kill");
        moment();
        assertThat(book.rules()).containsExactly(Rule.builtIn(Measure.REPORT, AFTER));
        write("rule.b.colour = red");
        moment();
        moment();
        assertThat(book.rules()).containsExactly(Rule.builtIn(Measure.REPORT, AFTER));
        assertThat(problems.list())
                .singleElement()
                .asString()
                .contains("colour")
                .contains("until it is mended");
    }

    @Test
    void what_is_no_file_of_text_is_refused() throws Exception {
        moment();
        assertThat(problems.list()).singleElement().asString().contains("it cannot be read: ");
        Files.createDirectory(file);
        moment();
        moment();
        assertThat(problems.list()).singleElement().asString().contains("it is no regular file");
        Files.delete(file);
        Files.write(file, new byte[] {(byte) 0xC3, 0x28});
        moment();
        moment();
        assertThat(problems.list()).singleElement().asString().contains("it is not UTF-8");
        Files.write(file, new byte[300 * 1024]);
        moment();
        moment();
        assertThat(problems.list()).singleElement().asString().contains("it is larger than 256 KiB");
    }

    private void moment() {
        now += MOMENT;
        book.refresh(now);
    }

    private void write(String text) throws IOException {
        Files.writeString(file, text);
    }

    private List<String> names() {
        return book.rules().stream().map(Rule::name).toList();
    }
}
