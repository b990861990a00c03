// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import io.github.pgleash.act.Receipt.Action;
import io.github.pgleash.act.Receipt.Rung;
import io.github.pgleash.track.Borrow;
import io.github.pgleash.track.BorrowRegistry;
import io.github.pgleash.track.ConnectionRegistry;
import io.github.pgleash.track.TrackedConnection;
import java.lang.ref.Reference;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Statements that the application cuts off at exit: a pool that is closed closes the sockets of what is still lent, as
 * HikariCP does, and the server, which is told nothing, runs the statement to its end. So what runs is noted while the
 * application's hooks are at work, and cancelled when its connection is closed under it. Called by the shutdown hook.
 */
final class CutOff {
    private final ConnectionRegistry registry;
    private final BorrowRegistry borrows;
    private final Consumer<Receipt> receipts;
    private final Map<Long, Running> running = new HashMap<>();
    private final List<LocalMeans.Call> calls = new ArrayList<>();

    /** @param strong so that it can be cancelled even if nobody else holds it any more */
    private record Running(
            TrackedConnection connection,
            Connection strong,
            @Nullable Borrow borrow) {}

    CutOff(ConnectionRegistry registry, BorrowRegistry borrows, Consumer<Receipt> receipts) {
        this.registry = registry;
        this.borrows = borrows;
        this.receipts = receipts;
    }

    /** Notes what runs now, and cancels what ran at the last look and is closed by now. */
    void look() {
        for (Running before : running.values()) {
            if (!before.connection().isOpen()) {
                calls.add(LocalMeans.Call.start(() -> cancel(before)));
            }
        }
        running.clear();
        Map<Long, Borrow> borrowed = borrows.byConnection();
        for (TrackedConnection connection : registry.open()) {
            Connection strong = connection.connection();
            Borrow borrow = borrowed.get(connection.number());
            if (strong != null && !connection.isQuiet(Duration.ZERO) && !Shutdown.isListening(borrow)) {
                running.put(connection.number(), new Running(connection, strong, borrow));
            }
        }
    }

    private void cancel(Running cut) {
        Instant time = Instant.now();
        long began = System.nanoTime();
        try {
            cut.connection().cancel();
        } finally {
            Reference.reachabilityFence(cut.strong());
        }
        receipts.accept(new Receipt(
                time,
                Action.CANCEL,
                cut.connection().id(),
                Outcome.FAILED,
                "its statement was cut off when the application closed the connection under it; the server was asked to "
                        + "cancel it, and the answer cannot be seen",
                Shutdown.BY,
                Rung.LOCAL,
                Duration.ofNanos(System.nanoTime() - began),
                false,
                cut.borrow() == null ? "" : Shutdown.text(cut.borrow())));
    }

    /** Until the requests are sent, at most for that long. */
    void await(Duration within) {
        long began = System.nanoTime();
        for (LocalMeans.Call call : calls) {
            call.await(within.minusNanos(System.nanoTime() - began));
        }
    }
}
