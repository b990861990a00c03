// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import io.github.pgleash.connect.PgDriver;
import java.lang.ref.WeakReference;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * One loan of a connection to the application. Holds a pool's handle strongly from borrow to return, since no pool gets a
 * forgotten slot back by itself, and the handle is the only way to give it back; and nothing after that. The driver's
 * own connection is held weakly: forgotten, it is collected, and the driver ends its session then. The owner is held
 * weakly, too: a thread that was collected is dead.
 *
 * <p>Whoever ends a borrow claims it first, the owner's {@code close()} or a reclaim of ours: one compare-and-set, and
 * who loses does nothing.
 */
public final class Borrow extends WeakReference<Thread> {
    private static final AtomicReferenceFieldUpdater<Borrow, State> STATE =
            AtomicReferenceFieldUpdater.newUpdater(Borrow.class, State.class, "state");

    private final long number;
    private final long ownerId;
    private final String ownerName;
    private final long borrowedNanos = System.nanoTime();
    private final int handleHash;
    private final StackTraceElement @Nullable [] stack;
    private final boolean pooled;
    private volatile @Nullable Connection handle;
    private volatile @Nullable Object lender;
    private volatile State state = State.OPEN;
    private volatile @Nullable WeakReference<Connection> physical;
    private volatile @Nullable Thread claimant;

    enum State {
        OPEN,
        /** Its owner, or whoever closes the handle, is giving it back, or has. */
        RETURNED,
        /** We are taking it back, or have. */
        RECLAIMED,
        /** The same, and its owner has tried to give it back meanwhile and was turned away. */
        MISSED,
        /** The connection is closed or collected, and nobody gave it back. */
        LOST
    }

    /** @param pooled false when the handle is the driver's own connection */
    Borrow(
            long number,
            Thread owner,
            Object lender,
            Connection handle,
            boolean pooled,
            StackTraceElement @Nullable [] stack) {
        super(owner);
        this.number = number;
        this.ownerId = owner.getId();
        this.ownerName = owner.getName();
        this.lender = lender;
        this.pooled = pooled;
        this.handle = pooled ? handle : null;
        this.physical = pooled ? null : new WeakReference<>(handle);
        this.handleHash = System.identityHashCode(handle);
        this.stack = stack;
    }

    /** Counts up with each borrow of this JVM. */
    public long number() {
        return number;
    }

    /** The thread that borrowed; null when it was collected. */
    public @Nullable Thread owner() {
        return get();
    }

    public long ownerId() {
        return ownerId;
    }

    /** The owner's name at the borrow, and its id: virtual threads often have no name. */
    public String ownerText() {
        String name = ownerName.isEmpty() ? "virtual thread" : ownerName;
        return name + " #" + ownerId;
    }

    /** Whether it began after that moment of the monotonic clock. */
    public boolean beganAfter(long nanos) {
        return borrowedNanos - nanos > 0;
    }

    public Duration age(long nowNanos) {
        return Duration.ofNanos(nowNanos - borrowedNanos);
    }

    /** The stack of the borrow, innermost frame first; empty where it was not taken. */
    public List<StackTraceElement> stack() {
        return stack == null ? List.of() : List.of(stack);
    }

    /** What the application got; null once it was returned, or collected. */
    public @Nullable Connection handle() {
        return pooled ? handle : physical();
    }

    /** The data source or driver that lent it; null once it was returned. */
    public @Nullable Object lender() {
        return lender;
    }

    /** Whether its owner gave it back. */
    public boolean wasReturned() {
        return state == State.RETURNED;
    }

    public boolean isOpen() {
        return state == State.OPEN;
    }

    /** The driver's connection behind the handle, found when it is first asked for; null where it cannot be found. */
    public @Nullable Connection physical() {
        WeakReference<Connection> known = physical;
        Connection connection = known == null ? null : known.get();
        Connection lent = handle;
        if (connection == null && lent != null) {
            connection = Anatomy.physical(lent);
            if (connection != null) {
                physical = new WeakReference<>(connection);
            }
        }
        return connection;
    }

    /** Whether the driver knows of an open transaction; touches no network. */
    public boolean isInTransaction() {
        Connection connection = physical();
        return connection != null && PgDriver.of(connection.getClass()).isInTransaction(connection);
    }

    /** Claims it for a reclaim by this thread; false when it is being returned, or was. */
    public boolean tryReclaim() {
        if (!STATE.compareAndSet(this, State.OPEN, State.RECLAIMED)) {
            return false;
        }
        claimant = Thread.currentThread();
        return true;
    }

    /**
     * Claims it for whoever closes the handle; false when we have it, and the closer is not us. Asks again where the
     * claim is given up in this very moment: a close that neither ran nor was noted would be a leak of our making.
     */
    boolean tryReturn() {
        while (true) {
            if (STATE.compareAndSet(this, State.OPEN, State.RETURNED) || claimant == Thread.currentThread()) {
                return true;
            }
            State now = state;
            if (now == State.LOST) {
                return true;
            }
            boolean settled = now == State.RETURNED || now == State.MISSED;
            if (settled || STATE.compareAndSet(this, State.RECLAIMED, State.MISSED)) {
                return false;
            }
        }
    }

    /** Whether its connection has been closed or collected behind its back; it is over then, and nobody may claim it. */
    boolean tryLose() {
        WeakReference<Connection> known = physical;
        return known != null && !isUsable(known.get()) && STATE.compareAndSet(this, State.OPEN, State.LOST);
    }

    private static boolean isUsable(@Nullable Connection connection) {
        try {
            return connection != null && !connection.isClosed();
        } catch (SQLException | RuntimeException broken) {
            return false;
        }
    }

    /**
     * Gives up a claim whose action was not carried out: the owner may return it again.
     *
     * @return whether the owner tried to meanwhile and was turned away, so that it must be returned for it
     */
    public boolean unclaim() {
        claimant = null;
        return !STATE.compareAndSet(this, State.RECLAIMED, State.OPEN)
                && STATE.compareAndSet(this, State.MISSED, State.OPEN);
    }

    /** Lets go of everything. */
    void forget() {
        handle = null;
        lender = null;
        physical = null;
        claimant = null;
    }

    boolean isOf(Object otherHandle) {
        return handle() == otherHandle;
    }

    /** By the handle's identity, so that a borrow is its own key. */
    @Override
    public int hashCode() {
        return handleHash;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof Probe probe && isOf(probe.handle));
    }

    /** Looks a borrow up by its handle. */
    static final class Probe {
        private final Object handle;

        Probe(Object handle) {
            this.handle = handle;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(handle);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Borrow borrow && borrow.isOf(handle);
        }
    }
}
