// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import java.sql.Connection;
import java.sql.Driver;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What is borrowed at this moment. Called by application threads at borrow and return, where it costs some tens of
 * nanoseconds and keeps nothing per thread; read by the patrol and JMX.
 */
public final class BorrowRegistry {
    private static final int STRIPES = 1 << 10;

    private final Map<Object, Borrow> borrows = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private final Predicate<Class<?>> tellsReturn;
    private final BorrowStacks stacks;
    private final ConnectionRegistry connections;
    private final PhysicalBorrows physicalBorrows;

    /**
     * The last borrow of each thread, by a hash of its id: tells a data source around a data source from a second borrow.
     * Threads that share a place can at worst make a nested call look like a borrow of its own.
     */
    private final AtomicReferenceArray<Borrow> lastOfThread = new AtomicReferenceArray<>(STRIPES);

    /**
     * @param tellsReturn whether handles of a class will tell when they are returned; others are not tracked
     * @param isBesideDataSource whether a class lies where a data source lies, too
     */
    public BorrowRegistry(
            Predicate<Class<?>> tellsReturn,
            BorrowStacks stacks,
            ConnectionRegistry connections,
            Predicate<Class<?>> isBesideDataSource) {
        this.physicalBorrows = new PhysicalBorrows(isBesideDataSource);
        this.connections = connections;
        this.tellsReturn = tellsReturn;
        this.stacks = stacks;
    }

    /** Every borrow from now on has a higher number. */
    public long ticket() {
        return numbers.get();
    }

    /**
     * A connection was lent. Where data sources are nested, the innermost loan counts: its handle is the pool's own. A
     * driver's connection that a pool opened for itself is no loan.
     *
     * @param ticket drawn when the call began
     */
    public void borrowed(Object lender, Connection handle, long ticket) {
        if (!(lender instanceof DataSource || lender instanceof Driver)) {
            return;
        }
        Thread thread = Thread.currentThread();
        int place = (int) thread.getId() & (STRIPES - 1);
        Borrow last = lastOfThread.get(place);
        boolean nested = last != null && last.ownerId() == thread.getId() && last.number() > ticket && last.isOpen();
        if (nested || !tellsReturn.test(handle.getClass())) {
            return;
        }
        if (Anatomy.isPhysical(handle) ? !isApplications(handle, lender) : LazyHandles.isLazy(handle)) {
            return;
        }
        Borrow before = borrows.get(new Borrow.Probe(handle));
        if (before != null && before.tryEnd()) {
            forget(before); // its return was not told, or it is bound to the thread: it is out once, and since now
        }
        long now = System.nanoTime();
        Borrow borrow = new Borrow(numbers.incrementAndGet(), thread, lender, handle, now, stacks.take(now));
        lastOfThread.set(place, borrow);
        borrows.put(borrow, borrow);
    }

    /** Our control connections and replication connections are not tracked, and not borrowed. */
    private boolean isApplications(Connection physical, Object lender) {
        return connections.find(physical) != null && physicalBorrows.isApplications(lender);
    }

    /** Somebody closes a handle; false when it was reclaimed, and the handle's own code must not run. */
    public boolean returning(Object handle) {
        Borrow borrow = borrows.get(new Borrow.Probe(handle));
        if (borrow == null) {
            return true;
        }
        if (!borrow.tryReturn()) {
            return false;
        }
        forget(borrow);
        return true;
    }

    /** After a reclaim: it is over. */
    public void forget(Borrow borrow) {
        borrows.remove(borrow);
        borrow.forget();
    }

    /** How many connections are borrowed. */
    public int size() {
        forgetOrphans();
        return borrows.size();
    }

    /** The open borrow of a connection; null when nobody has it. */
    public @Nullable Borrow of(TrackedConnection connection) {
        return byConnection().get(connection.number());
    }

    /**
     * The open borrows by {@link TrackedConnection#number}. Where two have one connection, a pool has lent what another
     * data source lent to it: the younger is the application's.
     */
    public Map<Long, Borrow> byConnection() {
        Map<Long, Borrow> byConnection = new HashMap<>();
        for (Borrow borrow : open()) {
            Connection physical = borrow.physical();
            TrackedConnection connection = physical == null ? null : connections.find(physical);
            if (connection != null && borrow.isOpen()) {
                Borrow outer = byConnection.put(connection.number(), borrow);
                if (outer != null && outer.tryEnd()) {
                    forget(outer);
                }
            }
        }
        return byConnection;
    }

    /** Nobody will close their handles: the pool was closed, or the handle was collected. */
    private void forgetOrphans() {
        for (Borrow borrow : borrows.values()) {
            if ((borrow.wasCollected() || borrow.isPhysicallyClosed()) && borrow.tryEnd()) {
                forget(borrow);
            }
        }
    }

    /** The open borrows, oldest first. */
    public List<Borrow> open() {
        forgetOrphans();
        List<Borrow> open = new ArrayList<>(borrows.values());
        open.sort(Comparator.comparingLong(Borrow::number));
        return open;
    }
}
