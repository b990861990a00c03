// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import io.github.pgleash.act.Receipt.Action;
import io.github.pgleash.act.Receipt.Rung;
import io.github.pgleash.judge.Ages;
import io.github.pgleash.track.Borrow;
import io.github.pgleash.track.BorrowRegistry;
import io.github.pgleash.track.ConnectionRegistry;
import io.github.pgleash.track.TrackedConnection;
import java.lang.ref.Reference;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Statements that the application cuts off at exit: a pool that is closed closes the sockets of what is still lent, as
 * HikariCP does, and the server, which is told nothing, runs the statement to its end. So it is cancelled before its
 * connection is closed under it.
 */
public final class CutOff {
    /** How long all of that may hold up the application's hooks, however many statements are cut off. */
    private static final Duration LIMIT = Duration.ofSeconds(1);

    private static final Thread NEVER_A_HOOK = new Thread(null, null, "pgleash no hook", 0, false);

    private final ConnectionRegistry registry;
    private final BorrowRegistry borrows;
    private final Consumer<Receipt> receipts;
    private final Queue<LocalMeans.Call> calls = new ConcurrentLinkedQueue<>();
    private long beganNanos;
    private boolean began;

    /** @param receipts gets a receipt for each statement that was cut off */
    public CutOff(ConnectionRegistry registry, BorrowRegistry borrows, Consumer<Receipt> receipts) {
        this.registry = registry;
        this.borrows = borrows;
        this.receipts = receipts;
    }

    /**
     * Somebody is about to close it. Cancels what it runs if the JVM exits, and holds up whoever closes it until that
     * has ended, at most for what is left of the second that all have together. Application's thread.
     */
    public void closing(Connection connection) {
        TrackedConnection tracked = isExiting() ? registry.find(connection) : null;
        if (tracked == null || tracked.isQuiet(Duration.ZERO)) {
            return;
        }
        Borrow borrow = borrows.byConnection().get(tracked.number());
        if (Shutdown.isListening(borrow)) {
            return;
        }
        Duration left = left();
        Duration half = left.dividedBy(2);
        Duration within = half.compareTo(Shutdown.CANCEL) < 0 ? half : Shutdown.CANCEL;
        LocalMeans.Call call = LocalMeans.Call.start(() -> cancel(connection, tracked, borrow, within));
        calls.add(call);
        call.await(left);
    }

    /** Java lets nobody ask; but it refuses to touch the hooks once they run. */
    private static boolean isExiting() {
        try {
            Runtime.getRuntime().removeShutdownHook(NEVER_A_HOOK);
            return false;
        } catch (IllegalStateException exiting) {
            return true;
        }
    }

    private synchronized Duration left() {
        if (!began) {
            began = true;
            beganNanos = System.nanoTime();
        }
        Duration left = LIMIT.minusNanos(System.nanoTime() - beganNanos);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** @param connection held until the request is sent, even if nobody else does any more */
    private void cancel(Connection connection, TrackedConnection tracked, @Nullable Borrow borrow, Duration within) {
        Instant time = Instant.now();
        long start = System.nanoTime();
        boolean ended;
        try {
            ended = LocalMeans.cancel(tracked, within);
        } finally {
            Reference.reachabilityFence(connection);
        }
        receipts.accept(new Receipt(
                time,
                Action.CANCEL,
                tracked.id(),
                ended ? Outcome.CANCELLED : Outcome.STILL_THERE,
                "the application closed its connection at exit while it was still running; "
                        + (ended
                                ? "its statement has ended"
                                : "the request was sent, but its statement was not seen to end within "
                                        + Ages.text(within)),
                Shutdown.BY,
                Rung.LOCAL,
                Duration.ofNanos(System.nanoTime() - start),
                false,
                borrow == null ? "" : Shutdown.text(borrow)));
    }

    /** Until all is told, at most for that long. */
    void await(Duration within) {
        long start = System.nanoTime();
        for (LocalMeans.Call call : calls) {
            call.await(within.minusNanos(System.nanoTime() - start));
        }
    }
}
