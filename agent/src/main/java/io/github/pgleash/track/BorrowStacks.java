// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes the stacks of borrows, as often as the {@code stacks} option allows. Called by application threads. One class for
 * all three ways, since each more is one that the first connection waits for.
 */
public final class BorrowStacks {
    private final boolean never;
    private final @Nullable Budget budget;

    private BorrowStacks(boolean never, @Nullable Budget budget) {
        this.never = never;
        this.budget = budget;
    }

    /** None at all. */
    public static BorrowStacks never() {
        return new BorrowStacks(true, null);
    }

    /** Every one, whatever it costs. */
    public static BorrowStacks always() {
        return new BorrowStacks(false, null);
    }

    /** All of them until they have cost a thousandth of one CPU's time, then as many as that pays for. */
    public static BorrowStacks budget() {
        return budget(
                new LongSupplier() { // no lambda: this is on the way to the first connection
                    @Override
                    public long getAsLong() {
                        return System.nanoTime();
                    }
                });
    }

    /** @param nanoTime the clock */
    static BorrowStacks budget(LongSupplier nanoTime) {
        return new BorrowStacks(false, new Budget(nanoTime));
    }

    /**
     * The stack of this thread; null when it was not taken.
     *
     * @param nowNanos read anyway for the borrow: where the budget is spent, nothing else is to be paid
     */
    @Nullable
    BorrowStack take(long nowNanos) {
        if (never) {
            return null;
        }
        return budget == null ? new BorrowStack() : budget.take(nowNanos);
    }

    private static final class Budget {
        private static final long SHARE = 1_000;
        /** Saved up while nobody borrows, so that the first borrows of a quiet service all have stacks. */
        private static final long SAVINGS_NANOS = 50_000_000;
        /**
         * What one can cost. More is the time of others, for which this thread waited: a busy machine, the garbage
         * collector, classes that were loaded. Of a service that starts under load, the first borrow alone would use up
         * the savings, and the next would have no stacks for minutes.
         */
        private static final long DEAREST_NANOS = 5_000_000;

        private final LongSupplier nanoTime;
        private final long beganNanos;
        private final AtomicLong spentNanos = new AtomicLong();

        Budget(LongSupplier nanoTime) {
            this.nanoTime = nanoTime;
            this.beganNanos = nanoTime.getAsLong() - SAVINGS_NANOS * SHARE;
        }

        @Nullable
        BorrowStack take(long nowNanos) {
            long earned = (nowNanos - beganNanos) / SHARE;
            long spent = spentNanos.get();
            if (spent >= earned) {
                return null;
            }
            if (earned - spent > SAVINGS_NANOS) {
                spentNanos.compareAndSet(spent, earned - SAVINGS_NANOS);
            }
            BorrowStack stack = new BorrowStack();
            spentNanos.addAndGet(Math.min(DEAREST_NANOS, nanoTime.getAsLong() - nowNanos));
            return stack;
        }
    }
}
