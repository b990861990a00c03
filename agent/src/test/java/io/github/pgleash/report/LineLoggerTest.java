// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

class LineLoggerTest {
    @TempDir
    private Path folder;

    private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    private final PrintStream before = System.err;

    @BeforeEach
    void capture() {
        System.setErr(new PrintStream(stderr, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void release() {
        System.setErr(before);
    }

    @Test
    void without_a_file_it_writes_to_stderr() {
        LineLogger.to(null).info("hello {}", "world");

        assertThat(stderr.toString(StandardCharsets.UTF_8)).matches("pgleash \\S+Z INFO hello world\\R");
    }

    @Test
    void a_file_is_appended_to_and_nothing_goes_to_stderr() throws Exception {
        Path file = folder.resolve("pgleash.log");
        LineLogger.to(file).warn("one");
        LineLogger.to(file).error("größer", new IllegalStateException("two\nlines"));

        assertThat(Files.readAllLines(file))
                .satisfiesExactly(
                        line -> assertThat(line).endsWith(" WARN one"),
                        line -> assertThat(line).endsWith(" ERROR größer: java.lang.IllegalStateException: two lines"));
        assertThat(stderr.size()).isZero();
    }

    @Test
    void a_file_that_cannot_be_written_is_told_in_one_line_and_stderr_takes_its_place() {
        Logger log = LineLogger.to(folder.resolve("no such\nfolder").resolve("pgleash.log"));
        log.info("still there");

        assertThat(stderr.toString(StandardCharsets.UTF_8).lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .contains(
                                        " WARN log file ", "no such folder", "cannot be written", "logging to stderr"),
                        line -> assertThat(line).endsWith(" INFO still there"));
    }

    @Test
    void so_is_a_folder() {
        LineLogger log = LineLogger.to(folder);
        assertThat(stderr.size()).as("not opened before it is needed").isZero();
        log.open();
        log.open();

        assertThat(stderr.toString(StandardCharsets.UTF_8).lines())
                .singleElement()
                .asString()
                .contains("cannot be written");
    }

    @Test
    void what_is_for_developers_is_not_said() {
        Logger log = LineLogger.to(null);
        log.debug("no");
        log.trace("no");

        assertThat(log.isDebugEnabled()).isFalse();
        assertThat(stderr.size()).isZero();
    }
}
