// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import io.github.pgleash.connect.PgDriver;
import java.lang.ref.WeakReference;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * One loan of a connection to the application. Holds a pool's handle strongly from borrow to return, since no pool gets a
 * forgotten slot back by itself, and the handle is the only way to give it back; and nothing after that. A driver's own
 * connection it holds weakly: forgotten ones pgjdbc closes by itself. So it does the owner: a thread that was collected
 * is dead.
 *
 * <p>Whoever ends a borrow claims it first, the owner's {@code close()} or a reclaim of ours: one compare-and-set, and
 * who loses does nothing.
 */
public final class Borrow extends WeakReference<Thread> {
    private static final int LONGEST_NAME = 200;

    private static final AtomicIntegerFieldUpdater<Borrow> STATE =
            AtomicIntegerFieldUpdater.newUpdater(Borrow.class, "state");

    private static final int OPEN = 0;
    /** Its owner, or whoever closes the handle, is giving it back, or has. */
    private static final int RETURNED = 1;
    /** We are taking it back, or have. */
    private static final int RECLAIMED = 2;
    /** The same, and its owner wanted to give it back meanwhile and was turned away. */
    private static final int RECLAIMED_FROM_CLOSER = 3;

    private final long ownerId;
    private final String ownerName;
    private final long borrowedNanos;
    private final @Nullable BorrowStack stack;
    private final @Nullable WeakReference<Connection> weakHandle;

    /** Open to begin with. The one field that orders what threads see of each other. */
    private volatile int state;

    // Let go of at the end. Who still sees one of them then has to claim the borrow before he does anything with it.
    private @Nullable Connection handle;
    private @Nullable Object lender;
    private @Nullable WeakReference<Connection> physical;
    private @Nullable Thread claimant;

    // Of the list that it is in, and nobody else's.
    @Nullable
    Borrow older;

    @Nullable
    Borrow younger;

    boolean listed;
    long number;

    /** @param pooled whether the handle is a pool's, and not the driver's own connection */
    Borrow(Thread owner, Object lender, Connection handle, boolean pooled, long nowNanos, @Nullable BorrowStack stack) {
        super(owner);
        this.borrowedNanos = nowNanos;
        this.ownerId = owner.getId();
        this.ownerName = owner.getName();
        this.lender = lender;
        this.handle = pooled ? handle : null;
        this.weakHandle = pooled ? null : new WeakReference<>(handle);
        this.stack = stack;
    }

    /** Higher with each borrow of a thread, and no other's in this JVM; 0 until it is listed. */
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
        String name = ownerName.isBlank() ? "virtual thread" : Legible.of(ownerName, LONGEST_NAME);
        return name + " #" + ownerId;
    }

    /** Whether it began after that moment of the monotonic clock. */
    public boolean beganAfter(long nanos) {
        return borrowedNanos - nanos > 0;
    }

    boolean isYoungerThan(Borrow other) {
        return beganAfter(other.borrowedNanos);
    }

    public Duration age(long nowNanos) {
        return Duration.ofNanos(nowNanos - borrowedNanos);
    }

    /** The stack of the borrow, innermost frame first; empty where it was not taken. */
    public List<StackTraceElement> stack() {
        return stack == null ? List.of() : stack.frames();
    }

    /** What the application got; null once it was returned, or collected unclosed. */
    public @Nullable Connection handle() {
        return weakHandle == null ? handle : weakHandle.get();
    }

    /** Nobody can return it any more: its handle is garbage, which pgjdbc closes by itself. */
    boolean wasCollected() {
        return weakHandle != null && weakHandle.refersTo(null) && state == OPEN;
    }

    /** The data source or driver that lent it; null once it was returned. */
    public @Nullable Object lender() {
        return lender;
    }

    /** Whether its owner gave it back. */
    public boolean wasReturned() {
        return state == RETURNED;
    }

    public boolean isOpen() {
        return state == OPEN;
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
        if (!STATE.compareAndSet(this, OPEN, RECLAIMED)) {
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
        if (claimant == Thread.currentThread()) {
            return true;
        }
        while (!STATE.compareAndSet(this, OPEN, RETURNED)) {
            if (STATE.compareAndSet(this, RECLAIMED, RECLAIMED_FROM_CLOSER)
                    || state == RECLAIMED_FROM_CLOSER
                    || state == RETURNED) {
                return false;
            }
        }
        return true;
    }

    /** Ends it where nobody needs to give it back any more; false while somebody claims it. */
    boolean tryEnd() {
        return STATE.compareAndSet(this, OPEN, RETURNED);
    }

    /** The driver's connection is closed, by the pool for instance, which was closed while this was lent. */
    boolean isPhysicallyClosed() {
        Connection connection = physical();
        try {
            return connection != null && connection.isClosed();
        } catch (SQLException | RuntimeException broken) {
            return true;
        }
    }

    /**
     * Gives up a claim whose action was not carried out: the owner may return it again.
     *
     * @return whether the owner tried to meanwhile and was turned away, so that it must be returned for it
     */
    public boolean unclaim() {
        claimant = null;
        if (STATE.compareAndSet(this, RECLAIMED, OPEN)) {
            return false;
        }
        return STATE.compareAndSet(this, RECLAIMED_FROM_CLOSER, OPEN);
    }

    /** Lets go of everything. */
    void forget() {
        handle = null;
        if (weakHandle != null) {
            weakHandle.clear();
        }
        lender = null;
        physical = null;
        claimant = null;
    }

    boolean isOf(Object otherHandle) {
        return weakHandle == null ? handle == otherHandle : weakHandle.refersTo((Connection) otherHandle);
    }
}
