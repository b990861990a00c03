// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import io.github.pgleash.act.Receipt.Action;
import io.github.pgleash.act.Receipt.Rung;
import io.github.pgleash.judge.Ages;
import io.github.pgleash.judge.Judge;
import io.github.pgleash.track.Borrow;
import io.github.pgleash.track.BorrowRegistry;
import io.github.pgleash.track.ConnectionRegistry;
import io.github.pgleash.track.TrackedConnection;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * What is done at the exit of the JVM: the application's own hooks go first, as far as they can be seen, and then what
 * still runs on a server is cancelled and its socket closed. A session that runs nothing ends by itself when the kernel
 * closes its socket; one that works would not notice, and run to its end. With local means only: no SQL, no session, and
 * nothing that waits for longer than told. Called by the shutdown hook.
 */
public final class Shutdown {
    /** How long a statement may take to end after the request to cancel it. */
    static final Duration CANCEL = Duration.ofMillis(500);
    /** How long all of that may take, behind the wait. */
    static final Duration LIMIT = Duration.ofSeconds(1);

    private static final Duration GLANCE = Duration.ofMillis(20);
    private static final int MOST_AT_ONCE = 64;
    private static final int MOST_LINES = 20;
    private static final String BY = "shutdown";

    private final ConnectionRegistry registry;
    private final BorrowRegistry borrows;
    private final OtherHooks others;
    private final CutOff cutOff;
    private final Judge judge;
    private final Duration wait;
    private final Consumer<Receipt> receipts;
    private final Logger log;

    /**
     * @param wait how long the application's own hooks may take before we go on
     * @param receipts gets a receipt for each session that was ended
     */
    public Shutdown(
            ConnectionRegistry registry,
            BorrowRegistry borrows,
            OtherHooks others,
            Judge judge,
            Duration wait,
            Consumer<Receipt> receipts,
            Logger log) {
        this.registry = registry;
        this.borrows = borrows;
        this.others = others;
        this.cutOff = new CutOff(registry, borrows, receipts);
        this.judge = judge;
        this.wait = wait;
        this.receipts = receipts;
        this.log = log;
    }

    /** Returns at once when nothing is open. */
    public void run() {
        if (registry.size() == 0) {
            return;
        }
        letOthersGoFirst();
        if (registry.size() > 0) {
            Map<Long, Borrow> borrowed = borrows.byConnection();
            tellLeaks(borrowed);
            endWhatRuns(borrowed);
        }
        cutOff.await(LIMIT);
    }

    /** Somebody is about to close a connection. Does nothing unless the JVM exits; may take a while then. */
    public void closing(Connection connection) {
        cutOff.closing(connection);
    }

    private void letOthersGoFirst() {
        long began = System.nanoTime();
        Set<Long> owners = new HashSet<>();
        for (Borrow borrow : borrows.open()) {
            owners.add(borrow.ownerId());
        }
        while (others.areAtWork(owners) && System.nanoTime() - began < wait.toNanos() && registry.size() > 0) {
            LockSupport.parkNanos(GLANCE.toNanos());
        }
    }

    private void tellLeaks(Map<Long, Borrow> borrowed) {
        int leaks = 0;
        for (TrackedConnection connection : registry.open()) {
            Borrow borrow = borrowed.get(connection.number());
            if (borrow == null || !judge.isSuspect(borrow.age(System.nanoTime())) || !Loans.ownerHasGone(borrow)) {
                continue;
            }
            leaks++;
            if (leaks <= MOST_LINES) {
                log.warn("{} was still leaked at exit: {}", connection.id(), text(borrow));
            }
        }
        if (leaks > MOST_LINES) {
            log.warn("{} more were", leaks - MOST_LINES);
        }
    }

    private static String text(Borrow borrow) {
        String frame = Loans.borrowedFrom(borrow);
        return "borrowed " + Ages.text(borrow.age(System.nanoTime())) + " ago by " + borrow.ownerText() + " at "
                + (frame == null ? "a place that was not noted" : frame);
    }

    private void endWhatRuns(Map<Long, Borrow> borrowed) {
        List<TrackedConnection> running = new ArrayList<>();
        for (TrackedConnection connection : registry.open()) {
            if (!connection.isQuiet(Duration.ZERO) && !isListening(borrowed.get(connection.number()))) {
                running.add(connection);
            }
        }
        Queue<TrackedConnection> queue = new ConcurrentLinkedQueue<>(running);
        List<LocalMeans.Call> calls = new ArrayList<>();
        for (int i = 0; i < Math.min(MOST_AT_ONCE, running.size()); i++) {
            calls.add(LocalMeans.Call.start(() -> endAll(queue, borrowed)));
        }
        long began = System.nanoTime();
        for (LocalMeans.Call call : calls) {
            call.await(LIMIT.minusNanos(System.nanoTime() - began));
        }
    }

    private void endAll(Queue<TrackedConnection> queue, Map<Long, Borrow> borrowed) {
        for (TrackedConnection next = queue.poll(); next != null; next = queue.poll()) {
            end(next, borrowed.get(next.number()));
        }
    }

    private void end(TrackedConnection connection, @Nullable Borrow borrow) {
        Instant time = Instant.now();
        long began = System.nanoTime();
        boolean ended = LocalMeans.end(connection, CANCEL);
        receipts.accept(receipt(
                connection,
                borrow,
                time,
                began,
                ended,
                ended
                        ? "it was still running at exit; its statement has ended, and its socket was closed"
                        : "it was still running at exit; the request was sent, but its statement was not seen to end within "
                                + Ages.text(CANCEL) + "; its socket was closed"));
    }

    /** @param ended whether its statement was seen to end */
    static Receipt receipt(
            TrackedConnection connection,
            @Nullable Borrow borrow,
            Instant time,
            long beganNanos,
            boolean ended,
            String reason) {
        return new Receipt(
                time,
                Action.CANCEL,
                connection.id(),
                ended ? Outcome.CANCELLED : Outcome.STILL_THERE,
                reason,
                BY,
                Rung.LOCAL,
                Duration.ofNanos(System.nanoTime() - beganNanos),
                false,
                borrow == null ? "" : text(borrow));
    }

    /** It waits for notifications, and its backend for nothing. */
    static boolean isListening(@Nullable Borrow borrow) {
        Thread owner = borrow == null ? null : borrow.owner();
        return owner != null
                && Arrays.stream(owner.getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().equals("processNotifies"));
    }

    /** Has the classes loaded that are needed at exit, when loaders may be stopped. Called by the patrol, once. */
    public void rehearse() {
        others.areAtWork(Set.of());
        LocalMeans.Call.start(() -> {}).await(LIMIT);
        endAll(new ConcurrentLinkedQueue<>(), Map.of());
        isListening(null);
    }
}
