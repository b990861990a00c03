// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.act.Backends;
import io.github.pgleash.judge.Finding;
import io.github.pgleash.judge.Verdict;
import io.github.pgleash.judge.Verdict.Confidence;
import io.github.pgleash.observe.StatementText;
import io.github.pgleash.track.Borrow;
import io.github.pgleash.track.BorrowRegistry;
import io.github.pgleash.track.BorrowStacks;
import io.github.pgleash.track.Handles;
import io.github.pgleash.track.Lenders.Lender;
import io.github.pgleash.track.TrackedConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeakWatchTest {
    private static final String SUSPECTED = "pgleash.leak.suspected";
    private static final String CONFIRMED = "pgleash.leak.confirmed";
    private static final String RETURNED = "pgleash.leak.returned";
    private static final String STUCK = "pgleash.stuck";

    @TempDir
    private Path folder;

    private final ReceivedNotifications client = new ReceivedNotifications();
    private Backends backends;
    private BorrowRegistry borrows;
    private LeakWatch watch;
    private TrackedConnection connection;
    private Connection handle;

    @BeforeEach
    void start() throws Exception {
        backends = new Backends();
        borrows = new BorrowRegistry(type -> true, BorrowStacks.never(), backends.registry, type -> false);
        watch = new LeakWatch(
                new Rows(StatementText.MASKED), client.notifications, LineLogger.to(folder.resolve("log.txt")));
        connection = backends.open(7, Backends.TAG);
        handle = lend();
    }

    @AfterEach
    void stop() throws Exception {
        backends.close();
    }

    @Test
    void a_leak_is_suspected_then_confirmed_then_returned_after_all_each_once() throws Exception {
        Borrow borrow = borrow();
        Finding suspected = leaked(borrow, Confidence.PROBABLE);
        Finding confirmed = leaked(borrow, Confidence.CERTAIN);

        watch.update(List.of(suspected));
        watch.update(List.of(suspected));
        assertThat(client.types()).containsExactly(SUSPECTED);
        watch.update(List.of(confirmed));
        watch.update(List.of(confirmed));
        assertThat(client.types()).containsExactly(SUSPECTED, CONFIRMED);
        assertThat(borrows.returning(handle)).isTrue();
        watch.update(List.of(Findings.in("idle", connection)));
        watch.update(List.of(Findings.in("idle", connection)));

        assertThat(client.types()).containsExactly(SUSPECTED, CONFIRMED, RETURNED);
        assertThat(client.received.get(2).getMessage())
                .isEqualTo(connection.id() + " is returned after all: it was borrowed long ago");
        assertThat(Files.readAllLines(folder.resolve("log.txt"))).hasSize(3);
    }

    @Test
    void a_verdict_that_went_away_and_came_back_is_not_told_again() {
        Finding suspected = leaked(borrow(), Confidence.PROBABLE);

        watch.update(List.of(suspected));
        watch.update(List.of(Findings.in("active", connection)));
        watch.update(List.of(suspected));

        assertThat(client.types()).containsExactly(SUSPECTED);
    }

    @Test
    void a_leak_that_we_took_back_was_not_returned() {
        Borrow borrow = borrow();
        watch.update(List.of(leaked(borrow, Confidence.CERTAIN)));
        assertThat(borrow.tryReclaim()).isTrue();
        borrows.forget(borrow);
        watch.update(List.of());

        assertThat(client.types()).containsExactly(CONFIRMED);
    }

    @Test
    void the_next_loan_of_the_same_connection_is_another_leak() {
        watch.update(List.of(leaked(borrow(), Confidence.PROBABLE)));
        assertThat(borrows.returning(handle)).isTrue();
        handle = lend();
        watch.update(List.of(leaked(borrow(), Confidence.PROBABLE)));

        assertThat(client.types()).containsExactly(SUSPECTED, SUSPECTED, RETURNED);
    }

    @Test
    void stuck_is_told_once_until_it_ends() {
        Finding stuck = Findings.stuck(connection);

        watch.update(List.of(stuck));
        watch.update(List.of(stuck));
        assertThat(client.types()).containsExactly(STUCK);
        watch.update(List.of(Findings.in("idle", connection)));
        assertThat(client.types()).containsExactly(STUCK);
        watch.update(List.of(stuck));

        assertThat(client.types()).containsExactly(STUCK, STUCK);
        assertThat(ReceivedNotifications.data(client.received.get(0)).get("id")).isEqualTo(connection.id());
    }

    @Test
    void what_is_healthy_is_not_told() {
        watch.update(List.of(Findings.in("idle", connection), Findings.unknown(connection)));
        watch.update(List.of());

        assertThat(client.received).isEmpty();
    }

    private Connection lend() {
        Connection lent = Handles.around(Objects.requireNonNull(connection.connection()));
        borrows.borrowed(new Lender(() -> lent), lent, borrows.ticket());
        return lent;
    }

    private Borrow borrow() {
        return Objects.requireNonNull(borrows.of(connection));
    }

    private Finding leaked(Borrow borrow, Confidence confidence) {
        return new Finding(
                connection,
                borrow,
                null,
                Findings.row("idle", connection, connection.tag()),
                new Verdict(Verdict.Kind.LEAKED, confidence, "was borrowed long ago"));
    }
}
