// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.act.Backends;
import io.github.pgleash.act.Logins;
import io.github.pgleash.act.Problems;
import io.github.pgleash.act.Survey;
import io.github.pgleash.judge.Judge;
import io.github.pgleash.judge.Thresholds;
import io.github.pgleash.observe.ControlConnections;
import io.github.pgleash.track.BorrowRegistry;
import io.github.pgleash.track.BorrowStacks;
import io.github.pgleash.track.Handles;
import io.github.pgleash.track.Lenders.Lender;
import io.github.pgleash.track.TrackedConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

class ExhaustionTest {
    private static final long SECOND = 1_000_000_000;

    @TempDir
    private Path folder;

    private final ReceivedNotifications client = new ReceivedNotifications();
    private Backends backends;
    private BorrowRegistry borrows;
    private Exhaustion exhaustion;
    private long now = 5;

    @BeforeEach
    void start() throws Exception {
        backends = new Backends();
        borrows = new BorrowRegistry(type -> true, BorrowStacks.never(), backends.registry, type -> false);
        Logger log = LineLogger.to(folder.resolve("log.txt"));
        Survey survey = new Survey(
                backends.registry,
                borrows,
                new ControlConnections("control", false, Duration.ofSeconds(30)),
                new Logins(null, null, null),
                new Judge(new Thresholds(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO)),
                new Problems(log));
        exhaustion = new Exhaustion(survey, client.notifications, log, () -> now);
    }

    @AfterEach
    void stop() throws Exception {
        backends.close();
    }

    @Test
    void the_report_says_who_holds_what_oldest_first() throws Exception {
        TrackedConnection one = backends.open(7, Backends.TAG);
        TrackedConnection two = backends.open(8, Backends.TAG);
        backends.open(9, Backends.TAG);
        lend(two);
        lend(one);

        exhaustion.report("a borrow failed:\ntimeout");

        String holder = " of Lender is held by " + Thread.currentThread().getName() + " #";
        assertThat(exhaustion.last())
                .satisfiesExactly(
                        line -> assertThat(line).endsWith("Z a borrow failed: timeout"),
                        line -> assertThat(line).startsWith(two.id() + holder).contains("that thread is "),
                        line -> assertThat(line).startsWith(one.id() + holder));
        assertThat(client.types()).containsExactly("pgleash.exhausted");
        assertThat(ReceivedNotifications.data(client.received.get(0)).get("report"))
                .isEqualTo(String.join("\n", exhaustion.last()));
        assertThat(Files.readAllLines(folder.resolve("log.txt"))).hasSize(3);
    }

    @Test
    void it_is_made_at_most_once_a_minute() {
        exhaustion.report("first");
        now += 59 * SECOND;
        exhaustion.report("too soon");
        assertThat(client.received).hasSize(1);
        assertThat(exhaustion.last()).singleElement().asString().endsWith(" first");

        now += SECOND;
        exhaustion.report("a minute later");

        assertThat(client.received).hasSize(2);
        assertThat(exhaustion.last()).singleElement().asString().endsWith(" a minute later");
    }

    @Test
    void before_the_first_there_is_none() {
        assertThat(exhaustion.last()).isEmpty();
    }

    private void lend(TrackedConnection connection) {
        Connection handle = Handles.around(Objects.requireNonNull(connection.connection()));
        borrows.borrowed(new Lender(() -> handle), handle, borrows.ticket());
    }
}
