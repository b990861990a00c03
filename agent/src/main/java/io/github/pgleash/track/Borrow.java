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
 * One loan of a connection to the application. Holds the handle strongly from borrow to return, since no pool gets a
 * forgotten slot back by itself, and the handle is the only way to give it back; weakly once its connection is closed,
 * as a pool of a web application that is stopped closes it; and nothing after the return. The owner is held weakly: a
 * thread that was collected is dead.
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
    private volatile @Nullable Connection handle;
    private volatile @Nullable Object lender;
    private volatile @Nullable WeakReference<Connection> looseHandle;
    private volatile @Nullable WeakReference<Object> looseLender;
    private volatile State state = State.OPEN;
    private volatile @Nullable WeakReference<Connection> physical;
    private volatile @Nullable Thread claimant;
    private volatile boolean closeMissed;

    enum State {
        OPEN,
        /** Its owner, or whoever closes the handle, is giving it back, or has. */
        RETURNED,
        /** We are taking it back, or have. */
        RECLAIMED,
        /** It was forgotten, and nothing is left that could be given back. */
        LAPSED
    }

    Borrow(long number, Thread owner, Object lender, Connection handle, StackTraceElement @Nullable [] stack) {
        super(owner);
        this.number = number;
        this.ownerId = owner.getId();
        this.ownerName = owner.getName();
        this.lender = lender;
        this.handle = handle;
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

    public Duration age(long nowNanos) {
        return Duration.ofNanos(nowNanos - borrowedNanos);
    }

    /** The stack of the borrow, innermost frame first; empty where it was not taken. */
    public List<StackTraceElement> stack() {
        return stack == null ? List.of() : List.of(stack);
    }

    /** What the application got; null once it was returned. */
    public @Nullable Connection handle() {
        Connection held = handle;
        WeakReference<Connection> loose = looseHandle;
        return held != null || loose == null ? held : loose.get();
    }

    /** The data source or driver that lent it; null once it was returned. */
    public @Nullable Object lender() {
        Object held = lender;
        WeakReference<Object> loose = looseLender;
        return held != null || loose == null ? held : loose.get();
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
        Connection lent = handle();
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

    /** Claims it for whoever closes the handle; false when we have it, and the closer is not us. */
    boolean tryReturn() {
        if (STATE.compareAndSet(this, State.OPEN, State.RETURNED) || claimant == Thread.currentThread()) {
            return true;
        }
        closeMissed = state == State.RECLAIMED;
        return false;
    }

    /**
     * Gives up a claim whose action was not carried out: the owner may return it again.
     *
     * @return whether the owner tried to meanwhile and was turned away, so that it must be returned for it
     */
    public boolean unclaim() {
        claimant = null;
        STATE.compareAndSet(this, State.RECLAIMED, State.OPEN);
        return closeMissed;
    }

    /**
     * Holds the handle as long as its connection can be given back. One that is closed, or cannot be found, is held
     * weakly: the application alone keeps it then, and the class loader of a web application is not kept by us.
     *
     * @return whether it is still lent; false when the application has let go of it, too
     */
    boolean holdWhileOfUse() {
        Connection lent = handle();
        if (state == State.RECLAIMED) {
            return true;
        }
        if (lent == null) {
            forget();
            return false;
        }
        if (isInUse(physical())) {
            handle = lent;
            lender = lender();
        } else if (handle != null) {
            looseLender = new WeakReference<>(lender);
            looseHandle = new WeakReference<>(lent);
            handle = null;
            lender = null;
        }
        if (state == State.RETURNED || state == State.LAPSED) {
            forget(); // it was, while we looked
            return false;
        }
        return true;
    }

    private static boolean isInUse(@Nullable Connection physical) {
        try {
            return physical != null && !physical.isClosed();
        } catch (SQLException | RuntimeException broken) {
            return false;
        }
    }

    /** Lets go of everything. */
    void forget() {
        STATE.compareAndSet(this, State.OPEN, State.LAPSED);
        looseHandle = null;
        looseLender = null;
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
