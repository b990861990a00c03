// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import io.github.pgleash.connect.PgDriver;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What is borrowed at this moment. Called by application threads at borrow and return, where it costs some tens of
 * nanoseconds and keeps nothing per thread; read by the patrol and JMX.
 */
public final class BorrowRegistry {
    private static final Duration LASTING = Duration.ofSeconds(1);

    private final OpenBorrows borrows = new OpenBorrows();
    private final BorrowStacks stacks;
    private final ConnectionRegistry connections;
    private final PhysicalBorrows physicalBorrows;

    /** Asked at every borrow, of a class that was asked about before: a cast to an interface would take longer. */
    private final ClassValue<Boolean> lenders = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return DataSource.class.isAssignableFrom(type) || Driver.class.isAssignableFrom(type);
        }
    };

    private final ClassValue<Kind> kinds = new ClassValue<>() {
        @Override
        protected Kind computeValue(Class<?> handle) {
            if (!tellsReturn.test(handle)) {
                return Kind.MUTE;
            }
            return PgDriver.isConnection(handle)
                    ? Kind.PHYSICAL
                    : Proxy.isProxyClass(handle) ? Kind.PROXY : Kind.HANDLE;
        }
    };

    private final Predicate<Class<?>> tellsReturn;

    /** What a class of handles is. */
    private enum Kind {
        /** Its return would not be told. */
        MUTE,
        /** The driver's own connection. */
        PHYSICAL,
        /** By a JDK proxy, of which only the object tells what it is. */
        PROXY,
        HANDLE
    }

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

    /** Every borrow of this thread from now on has a higher number. */
    public long ticket() {
        return borrows.ticket(Thread.currentThread().getId());
    }

    /**
     * A connection was lent. Where data sources are nested, the innermost loan counts: its handle is the pool's own. A
     * driver's connection that a pool opened for itself is no loan.
     *
     * @param ticket drawn when the call began
     */
    public void borrowed(Object lender, Connection handle, long ticket) {
        if (!lenders.get(lender.getClass())) {
            return;
        }
        Thread thread = Thread.currentThread();
        if (borrows.hasSince(thread.getId(), ticket)) {
            return;
        }
        Kind kind = kinds.get(handle.getClass());
        if (!counts(kind, handle, lender)) {
            return;
        }
        Borrow before = borrows.findBeside(thread.getId(), handle);
        if (before != null && before.tryEnd()) {
            forget(before); // its return was not told, or it is bound to the thread: it is out once, and since now
        }
        long now = System.nanoTime();
        boolean pooled = kind != Kind.PHYSICAL;
        borrows.add(new Borrow(thread, lender, handle, pooled, now, stacks.take(now)));
    }

    /** No switch: the first one over an enum loads a class for it. */
    private boolean counts(Kind kind, Connection handle, Object lender) {
        if (kind == Kind.PHYSICAL) {
            return isApplications(handle, lender);
        }
        return kind == Kind.HANDLE || (kind == Kind.PROXY && !LazyHandles.isLazy(handle));
    }

    /**
     * Has the classes loaded that a borrow needs. Virtual threads that met at the first one would wait for each other in
     * the class loader, and be pinned.
     */
    public void rehearse() {
        physicalBorrows.isApplications(this);
        kinds.get(Object.class); // asks for the return of what is no handle: so all that this takes is there
        stacks.take(System.nanoTime());
        ClassLoader ours = BorrowRegistry.class.getClassLoader(); // which must have been asked for the JDK's too
        for (Class<?> needed : new Class<?>[] {Borrow.class, LazyHandles.class, Proxy.class}) {
            try {
                Class.forName(needed.getName(), true, ours);
            } catch (ClassNotFoundException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }

    /** Our control connections and replication connections are not tracked, and not borrowed. */
    private boolean isApplications(Connection physical, Object lender) {
        return connections.find(physical) != null && physicalBorrows.isApplications(lender);
    }

    /** Somebody closes a handle; false when it was reclaimed, and the handle's own code must not run. */
    public boolean returning(Object handle) {
        Borrow borrow = borrows.find(Thread.currentThread().getId(), handle);
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

    /**
     * Makes text of the stacks of borrows that last: until then they keep the class loaders of their frames. Called by
     * the patrol.
     */
    public void settleStacks() {
        long now = System.nanoTime();
        for (Borrow borrow : borrows.all()) {
            if (borrow.age(now).compareTo(LASTING) > 0) {
                borrow.stack();
            }
        }
    }

    /** How many connections are borrowed. */
    public int size() {
        return open().size();
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

    /**
     * The open borrows, oldest first. Ends those whose handles nobody will close: the pool was closed, the handle was
     * collected, or it was lent again, to another thread, without a return that was told.
     */
    public List<Borrow> open() {
        List<Borrow> all = borrows.all();
        all.sort((one, other) -> one.isYoungerThan(other) ? -1 : other.isYoungerThan(one) ? 1 : 0);
        Set<Connection> lent = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Borrow> open = new ArrayList<>();
        for (Borrow borrow : all) {
            Connection handle = borrow.handle();
            boolean orphan =
                    borrow.wasCollected() || borrow.isPhysicallyClosed() || (handle != null && !lent.add(handle));
            if (orphan && borrow.tryEnd()) {
                forget(borrow);
            } else {
                open.add(borrow);
            }
        }
        Collections.reverse(open);
        return open;
    }
}
