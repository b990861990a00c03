// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import io.github.pgleash.judge.Ages;
import io.github.pgleash.track.Borrow;
import io.github.pgleash.track.BorrowRegistry;
import io.github.pgleash.track.ConnectionRegistry;
import io.github.pgleash.track.TrackedConnection;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * Statements that the application cuts off at exit: a pool that is closed closes the sockets of what is still lent, as
 * HikariCP does, and the server, which is told nothing, runs the statement to its end. So it is cancelled before its
 * connection is closed under it.
 */
final class CutOff {
    /** How long all of that may hold up the application's hooks, however many statements are cut off. */
    private static final Duration LIMIT = Duration.ofSeconds(1);

    private final ConnectionRegistry registry;
    private final BorrowRegistry borrows;
    private final Consumer<Receipt> receipts;
    private final Set<Long> seen = ConcurrentHashMap.newKeySet();
    private final Queue<LocalMeans.Call> telling = new ConcurrentLinkedQueue<>();
    private long beganNanos;
    private boolean began;

    /** @param receipts gets a receipt for each statement that was cut off */
    CutOff(ConnectionRegistry registry, BorrowRegistry borrows, Consumer<Receipt> receipts) {
        this.registry = registry;
        this.borrows = borrows;
        this.receipts = receipts;
    }

    /**
     * Somebody is about to close it. Cancels what it runs if the JVM exits, and holds up whoever closes it until that
     * has ended, at most for what is left of the second that all have together. Application's thread.
     */
    void closing(Connection connection) {
        TrackedConnection tracked = JvmExit.hasBegun() ? registry.find(connection) : null;
        if (tracked == null || tracked.isQuiet(Duration.ZERO)) {
            return;
        }
        Borrow borrow = borrows.of(tracked);
        if (Shutdown.isListening(borrow) || !seen.add(tracked.number())) {
            return; // a pool that aborts a connection may close it, too
        }
        Instant time = Instant.now();
        long start = System.nanoTime();
        Duration within = left();
        boolean ended = LocalMeans.cancel(tracked, within);
        Receipt receipt = Shutdown.receipt(
                tracked,
                borrow,
                time,
                start,
                ended,
                "the application closed its connection at exit while it was still running; "
                        + (ended
                                ? "its statement has ended"
                                : "the request was sent, but its statement was not seen to end within "
                                        + Ages.text(within)));
        telling.add(LocalMeans.Call.start(() -> receipts.accept(receipt)));
    }

    private synchronized Duration left() {
        if (!began) {
            began = true;
            beganNanos = System.nanoTime();
        }
        Duration left = LIMIT.minusNanos(System.nanoTime() - beganNanos);
        Duration most = left.compareTo(Shutdown.CANCEL) < 0 ? left : Shutdown.CANCEL;
        return most.isNegative() ? Duration.ZERO : most;
    }

    /** Until all is told, at most for that long. */
    void await(Duration within) {
        long start = System.nanoTime();
        for (LocalMeans.Call call : telling) {
            call.await(within.minusNanos(System.nanoTime() - start));
        }
    }
}
