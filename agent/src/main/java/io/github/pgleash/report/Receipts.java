// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.report;

import io.github.pgleash.act.Outcome;
import io.github.pgleash.act.Receipt;
import io.github.pgleash.judge.Ages;
import io.github.pgleash.report.Notifications.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;

/** The last receipts, and how many there ever were; told in the log, and as a line of JSON. Any thread. */
public final class Receipts implements Consumer<Receipt> {
    private static final int REMEMBERED = 200;

    private final Notifications notifications;
    private final ReceiptLines lines;
    private final Logger log;
    private final Deque<Receipt> newestFirst = new ArrayDeque<>();
    private final AtomicLong cancelled = new AtomicLong();
    private final AtomicLong terminated = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong slotsFreed = new AtomicLong();

    Receipts(Notifications notifications, Logger log) {
        this(notifications, new ReceiptLines(null, log), log);
    }

    public Receipts(Notifications notifications, ReceiptLines lines, Logger log) {
        this.notifications = notifications;
        this.lines = lines;
        this.log = log;
    }

    @Override
    public void accept(Receipt receipt) {
        synchronized (newestFirst) {
            newestFirst.addFirst(receipt);
            if (newestFirst.size() > REMEMBERED) {
                newestFirst.removeLast();
            }
        }
        count(receipt);
        io.github.pgleash.jmx.Receipt shown = Rows.receipt(receipt);
        notify(receipt, shown);
        tell(receipt, shown);
    }

    /** At the exit of the JVM nobody reads the MBean any more, and its listeners must not hold us up. */
    public void atExit(Receipt receipt) {
        tell(receipt, Rows.receipt(receipt));
    }

    private void tell(Receipt receipt, io.github.pgleash.jmx.Receipt shown) {
        log.info(
                "{} {} by {}: {}, {} ({}, {})",
                Rows.name(receipt.action()),
                receipt.backend(),
                receipt.by(),
                receipt.outcome(),
                receipt.reason(),
                Rows.name(receipt.rung()),
                Ages.text(receipt.elapsed()));
        lines.write(shown);
    }

    private void notify(Receipt receipt, io.github.pgleash.jmx.Receipt shown) {
        Kind kind =
                receipt.outcome() == Outcome.REFUSED || receipt.outcome() == Outcome.DENIED ? Kind.REFUSED : Kind.ACTED;
        notifications.send(
                kind,
                Rows.name(receipt.action()) + " " + receipt.backend() + ": " + receipt.outcome() + ", "
                        + receipt.reason(),
                shown);
    }

    private void count(Receipt receipt) {
        switch (receipt.outcome()) {
            case CANCELLED -> cancelled.incrementAndGet();
            case GONE -> terminated.incrementAndGet();
            case REFUSED -> refused.incrementAndGet();
            default -> {}
        }
        if (receipt.slotFreed()) {
            slotsFreed.incrementAndGet();
        }
    }

    List<Receipt> newestFirst() {
        synchronized (newestFirst) {
            return List.copyOf(newestFirst);
        }
    }

    long cancelled() {
        return cancelled.get();
    }

    long terminated() {
        return terminated.get();
    }

    long refused() {
        return refused.get();
    }

    long slotsFreed() {
        return slotsFreed.get();
    }
}
