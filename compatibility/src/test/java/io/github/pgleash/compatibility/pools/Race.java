// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.pools;

import io.github.pgleash.jmx.BackendsMXBean;
import io.github.pgleash.jmx.BackendsObjectName;
import io.github.pgleash.jmx.Receipt;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * In the service: an owner who has left the method that borrowed gives its connection back at the very moment in which
 * it is reclaimed, and uses and closes it once more after that; while others borrow, work and return all the time.
 */
final class Race {
    private static final int LONGEST_DELAY_MICROS = 20_000;
    private static final long EXAMINED_AFTER_NANOS = 2_000_000;

    /** Not every pool is fair, and there is one connection fewer than there are borrowers. */
    private static final long PAUSE_NANOS = 3_000_000;

    private static final long PATROL_NANOS = 10_000_000_000L;

    private final OpenPool pool;
    private final boolean ownerMayLive;
    private final Map<String, Thread> holders = new ConcurrentHashMap<>();
    private final Set<String> violations = ConcurrentHashMap.newKeySet();
    private final AtomicInteger worked = new AtomicInteger();
    private final AtomicInteger reclaimed = new AtomicInteger();
    private final SplittableRandom random = new SplittableRandom(42);
    private final BackendsMXBean backends = BackendsObjectName.newProxy(ManagementFactory.getPlatformMBeanServer());
    private final boolean byRule;
    private volatile boolean over;

    /** @param ownerMayLive whether the pool allows to take a connection from a living owner */
    Race(OpenPool pool, boolean ownerMayLive) {
        this(pool, ownerMayLive, false);
    }

    /** @param byRule whether the patrol reclaims, by a rule, and nobody has to ask for it */
    Race(OpenPool pool, boolean ownerMayLive, boolean byRule) {
        this.pool = pool;
        this.ownerMayLive = ownerMayLive;
        this.byRule = byRule;
    }

    /** Runs that many rounds against that many others and returns what went wrong; empty is good. */
    List<String> run(int rounds, int others) throws Exception {
        List<Thread> honest = new ArrayList<>();
        for (int i = 0; i < others; i++) {
            honest.add(new Thread(this::workUntilOver, "honest " + i));
        }
        honest.forEach(Thread::start);
        try {
            for (int round = 0; round < rounds && violations.size() < 10; round++) {
                round();
            }
        } finally {
            over = true;
            for (Thread thread : honest) {
                thread.join();
            }
        }
        if (byRule) {
            reclaimed.set((int) backends.getSlotsFreed());
        }
        borrowAllAtOnce(others);
        return List.copyOf(violations);
    }

    /** For the log: a race in which nobody ever wins on one side proves nothing. */
    String score(int rounds) {
        return rounds + " rounds, " + reclaimed + " reclaimed, " + worked + " loans of others";
    }

    private void round() throws Exception {
        Connection connection = ownerMayLive ? borrowAndLeave() : borrowAndEnd();
        LockSupport.parkNanos(EXAMINED_AFTER_NANOS);
        long delay = random.nextInt(byRule ? 5 * LONGEST_DELAY_MICROS : LONGEST_DELAY_MICROS) * 1_000L;
        boolean uses = ownerMayLive && random.nextBoolean();
        CyclicBarrier start = new CyclicBarrier(2);
        Thread reclaimer = new Thread(() -> reclaim(start), "reclaimer");
        reclaimer.start();
        start.await();
        LockSupport.parkNanos(delay);
        if (uses) {
            String unused = Customer.failure(connection, c -> Customer.execute(c, "select 1"));
        }
        close(connection);
        reclaimer.join();
        if (byRule) {
            awaitPatrol(connection);
        }
        if (Customer.failure(connection, Customer::pid).equals("nothing")) {
            violations.add("a connection that was given back, or taken back, still worked");
        }
        close(connection);
    }

    /** A close that met a reclaim leaves the rest to it. The patrol needs a moment for that, and nobody waits for it. */
    private static void awaitPatrol(Connection connection) throws SQLException {
        long began = System.nanoTime();
        while (!connection.isClosed() && System.nanoTime() - began < PATROL_NANOS) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private Connection borrowAndLeave() throws Exception {
        return lent();
    }

    private Connection lent() throws Exception {
        Connection connection = pool.lender().borrow();
        String unused = Customer.pid(connection);
        return connection;
    }

    private Connection borrowAndEnd() throws Exception {
        Customer customer = Customer.borrow("ends", pool);
        String unused = customer.ask(Customer::pid);
        customer.end();
        return customer.connection();
    }

    private void reclaim(CyclicBarrier start) {
        try {
            start.await();
            if (byRule) {
                backends.setAutomaticActions(true); // the breaker finds that the same place leaks again and again
                return;
            }
            for (Receipt receipt : backends.terminateLeaked(false)) {
                switch (receipt.outcome()) {
                    case "GONE" -> reclaimed.addAndGet(receipt.slotFreed() ? 1 : 0);
                    case "REFUSED", "ALREADY_GONE" -> {}
                    default -> violations.add(receipt.outcome() + ": " + receipt.reason());
                }
            }
        } catch (Exception failed) {
            violations.add("reclaim failed: " + failed);
        }
    }

    /** A late close may be told that the connection is gone; it must not harm anybody. */
    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException gone) {
            // Its own affair.
        }
    }

    private void workUntilOver() {
        while (!over) {
            try (Connection connection = pool.lender().borrow()) {
                String pid = Customer.pid(connection);
                if (holders.putIfAbsent(pid, Thread.currentThread()) != null) {
                    violations.add("one connection with two borrowers");
                }
                for (int i = 0; i < 3; i++) {
                    LockSupport.parkNanos(1_000_000);
                    if (!Customer.pid(connection).equals(pid)) {
                        violations.add("a handle that changed its connection");
                    }
                }
                if (!holders.remove(pid, Thread.currentThread())) {
                    violations.add("one connection with two borrowers, seen at its end");
                }
                worked.incrementAndGet();
            } catch (Exception failed) {
                violations.add("an honest borrower's call failed: " + failed);
                holders.values().remove(Thread.currentThread());
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private void borrowAllAtOnce(int size) throws SQLException {
        List<Connection> all = new ArrayList<>();
        Set<String> pids = new HashSet<>();
        for (int i = 0; i < size; i++) {
            Connection connection = pool.tryBorrow();
            if (connection == null) {
                violations.add("lost slots: only " + i + " of " + size + " could be borrowed at the end");
                break;
            }
            all.add(connection);
            pids.add(Customer.pid(connection));
        }
        if (pids.size() != all.size()) {
            violations.add("one connection lent twice at the end");
        }
        for (Connection connection : all) {
            Objects.requireNonNull(connection).close();
        }
    }
}
