// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

class ProblemsTest {
    @TempDir
    private Path folder;

    private Path file;
    private Problems problems;

    @BeforeEach
    void start() {
        file = folder.resolve("log.txt");
        Logger log = io.github.pgleash.report.LineLogger.to(file);
        problems = new Problems(log);
    }

    @Test
    void without_a_problem_the_list_is_empty() {
        assertThat(problems.list()).isEmpty();
    }

    @Test
    void the_same_problem_again_is_counted_and_logged_once() throws Exception {
        problems.add("db", "is {} down");
        problems.add("db", "is {} down");
        problems.add("db", "is {} down");

        assertThat(problems.list())
                .singleElement()
                .asString()
                .matches("\\S+Z db: is \\{} down \\(3 times since \\S+Z\\)");
        assertThat(Files.readAllLines(file)).singleElement().asString().endsWith(" WARN db: is {} down");
    }

    @Test
    void the_newest_comes_first_also_when_it_is_an_old_one_again() {
        problems.add("a", "one");
        problems.add("b", "two");
        problems.add("a", "one");

        assertThat(problems.list()).hasSize(2);
        assertThat(problems.list().get(0)).contains("a: one");
    }

    @Test
    void a_subject_that_works_again_is_forgotten_with_all_its_problems_and_no_others() throws Exception {
        problems.add("db", "one");
        problems.add("db", "two");
        problems.add("db2", "three");
        problems.solved("db");
        problems.solved("never seen");

        assertThat(problems.list()).singleElement().asString().contains("db2: three");
        assertThat(Files.readAllLines(file)).hasSize(4).last().asString().endsWith(" INFO db: works again");
    }

    @Test
    void the_oldest_are_forgotten() {
        for (int i = 0; i < 1_000; i++) {
            problems.add("subject " + i, "trouble");
        }

        assertThat(problems.list()).hasSize(50);
        assertThat(problems.list().get(0)).contains("subject 999: trouble");
    }
}
