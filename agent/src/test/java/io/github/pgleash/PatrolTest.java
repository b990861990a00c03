// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.act.Actions;
import io.github.pgleash.act.Backends;
import io.github.pgleash.act.Claims;
import io.github.pgleash.act.Errand;
import io.github.pgleash.act.Logins;
import io.github.pgleash.act.Problems;
import io.github.pgleash.act.Strangers;
import io.github.pgleash.act.Survey;
import io.github.pgleash.act.Targets;
import io.github.pgleash.cleanup.Candidates;
import io.github.pgleash.cleanup.Cleanup;
import io.github.pgleash.cleanup.RuleBook;
import io.github.pgleash.jmx.BackendsMXBean;
import io.github.pgleash.judge.Judge;
import io.github.pgleash.judge.Thresholds;
import io.github.pgleash.observe.ControlConnections;
import io.github.pgleash.observe.StatementText;
import io.github.pgleash.report.Attention;
import io.github.pgleash.report.Exhaustion;
import io.github.pgleash.report.LeakWatch;
import io.github.pgleash.report.LineLogger;
import io.github.pgleash.report.Notifications;
import io.github.pgleash.report.ReceiptLines;
import io.github.pgleash.report.Receipts;
import io.github.pgleash.report.Rows;
import io.github.pgleash.report.Watchdog;
import io.github.pgleash.rules.Budget;
import io.github.pgleash.rules.Measure;
import io.github.pgleash.track.BorrowRegistry;
import io.github.pgleash.track.BorrowStacks;
import io.github.pgleash.track.Farewells;
import io.github.pgleash.track.Shortage;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

class PatrolTest {
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    @TempDir
    private Path folder;

    private final Shortage shortage = new Shortage(() -> {});
    private Backends backends;
    private Problems problems;
    private Logger log;
    private int reads;

    @BeforeEach
    void start() throws Exception {
        backends = new Backends();
        log = LineLogger.to(folder.resolve("log.txt"));
        problems = new Problems(log);
    }

    @AfterEach
    void stop() throws Exception {
        backends.close();
    }

    @Test
    void an_error_in_one_step_is_told_and_neither_ends_the_patrol_nor_keeps_the_next_step_from_its_work() {
        Patrol patrol = patrol(() -> {
            reads++;
            if (reads <= 2) {
                throw new StackOverflowError("too deep");
            }
            if (reads == 3) {
                throw new IllegalStateException("confused");
            }
            return reads;
        });

        patrol.round();
        patrol.round();
        assertThat(problems.list())
                .singleElement()
                .asString()
                .contains("patrol: java.lang.StackOverflowError: too deep (2 times");
        patrol.round();
        assertThat(problems.list())
                .anySatisfy(
                        problem -> assertThat(problem).contains("patrol: java.lang.IllegalStateException: confused"));
        assertThat(reads).isEqualTo(3);
        patrol.round();
        assertThat(reads).isGreaterThan(3);
        assertThat(problems.list()).isEmpty();
    }

    @Test
    void what_comes_before_the_trouble_is_done_all_the_same() {
        Patrol patrol = patrol(() -> {
            throw new OutOfMemoryError("nothing left");
        });
        shortage.borrowFailed(new SQLTransientConnectionException("request timed out"));

        patrol.round();

        assertThat(shortage.take()).isNull();
        assertThat(problems.list()).singleElement().asString().contains("OutOfMemoryError: nothing left");
    }

    /** @param clock of the clean-up, which reads it in each round */
    private Patrol patrol(LongSupplier clock) {
        Logins logins = new Logins(null, null, null);
        ControlConnections controls = new ControlConnections("control", false, Duration.ofSeconds(30));
        BorrowRegistry borrows =
                new BorrowRegistry(type -> true, BorrowStacks.never(), backends.registry, type -> false);
        Survey survey = new Survey(
                backends.registry,
                borrows,
                controls,
                logins,
                new Judge(new Thresholds(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO)),
                problems);
        Notifications notifications = new Notifications();
        Claims claims = new Claims(borrows, new Farewells(type -> {}));
        Actions actions = new Actions(
                new Targets(backends.registry),
                survey,
                controls,
                logins,
                new Strangers(backends.registry, controls, logins),
                claims,
                new Receipts(notifications, new ReceiptLines(null, log), log));
        BackendsMXBean nobody = (BackendsMXBean) Proxy.newProxyInstance(
                BackendsMXBean.class.getClassLoader(),
                new Class<?>[] {BackendsMXBean.class},
                (proxy, method, arguments) -> null);
        return new Patrol(
                INTERVAL,
                nobody,
                new Attention(() -> {}),
                survey,
                controls,
                problems,
                shortage,
                new Exhaustion(survey, notifications, log),
                new LeakWatch(new Rows(StatementText.MASKED), notifications, log),
                notifications,
                new Cleanup(
                        new RuleBook(null, Measure.REPORT, Duration.ofMinutes(5), problems, log),
                        new Candidates(StatementText.MASKED),
                        survey,
                        actions,
                        new Cleanup.Limits(new Budget(1, Duration.ofMinutes(1)), Duration.ofSeconds(30)),
                        new Cleanup.Reports(problems, log, notifications::halted),
                        Errand::run,
                        clock),
                new Watchdog(INTERVAL, problems),
                claims,
                () -> {},
                () -> {},
                borrows::settleStacks);
    }
}
