// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.act.Problems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchdogTest {
    @TempDir
    private Path folder;

    private final AtomicLong now = new AtomicLong();
    private Path log;
    private Problems problems;
    private Watchdog watchdog;

    @BeforeEach
    void start() {
        log = folder.resolve("log.txt");
        problems = new Problems(LineLogger.to(log));
        watchdog = new Watchdog(Duration.ofSeconds(10), problems, now::get);
    }

    @Test
    void a_step_that_does_not_end_is_told_once_to_whoever_reads_and_gone_when_it_goes_on() throws Exception {
        watchdog.enters("looking at the servers");
        after(Duration.ofSeconds(60));
        watchdog.check();
        assertThat(problems.list()).isEmpty();
        after(Duration.ofSeconds(1));
        watchdog.check();
        watchdog.check();
        assertThat(problems.list())
                .singleElement()
                .asString()
                .contains("patrol hangs: it has been in looking at the servers since ")
                .endsWith("until it goes on, no verdict is told and no rule acts");
        watchdog.enters("telling verdicts");
        watchdog.check();
        assertThat(problems.list()).isEmpty();
        assertThat(Files.readAllLines(log)).hasSize(2).last().asString().endsWith("patrol hangs: works again");
    }

    @Test
    void what_nobody_has_read_is_in_the_log_afterwards() throws Exception {
        watchdog.enters("applying rules");
        after(Duration.ofMinutes(7));
        watchdog.pauses();
        assertThat(problems.list()).isEmpty();
        assertThat(Files.readAllLines(log))
                .hasSize(2)
                .first()
                .asString()
                .contains("it has been in applying rules since ");
    }

    @Test
    void a_pause_that_lasts_too_long_is_one_that_never_ends() {
        watchdog.pauses();
        after(Duration.ofSeconds(69));
        watchdog.check();
        assertThat(problems.list()).isEmpty();
        after(Duration.ofSeconds(2));
        watchdog.check();
        assertThat(problems.list()).singleElement().asString().contains("it has been in its pause since ");
    }

    @Test
    void a_patrol_that_works_is_not_told_of() throws Exception {
        for (int i = 0; i < 100; i++) {
            watchdog.enters("looking at the servers");
            after(Duration.ofSeconds(25));
            watchdog.check();
            watchdog.pauses();
            after(Duration.ofSeconds(10));
            watchdog.check();
        }
        assertThat(problems.list()).isEmpty();
        assertThat(Files.exists(log)).isFalse();
    }

    private void after(Duration duration) {
        now.addAndGet(duration.toNanos());
    }
}
