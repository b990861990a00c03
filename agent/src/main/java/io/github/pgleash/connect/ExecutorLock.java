// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.connect;

import java.lang.reflect.Field;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Tells from the driver's own lock whether a conversation with the server is going on: whoever sends a statement holds it
 * until the whole answer has been read. From pgjdbc 42.6 on it is a lock in a field, before that the monitor of the
 * executor, and of that a thread can only be told that it has to wait for it. Asks nobody and touches no network.
 */
final class ExecutorLock {
    private static final Duration GLANCE = Duration.ofMillis(5);
    private static final Duration BEAT = Duration.ofNanos(100_000);

    private final @Nullable Field lock;
    private final boolean readable;
    /** One for each monitor, however often it is asked about: a network that swallows may have it held for hours. */
    private final Map<Object, Probe> probes = Collections.synchronizedMap(new IdentityHashMap<>());

    /** @param executor the driver's class {@code QueryExecutorBase} */
    ExecutorLock(Class<?> executor) {
        lock = field(executor);
        readable = lock == null || lock.trySetAccessible();
    }

    private static @Nullable Field field(Class<?> executor) {
        try {
            Field field = executor.getDeclaredField("lock");
            return ReentrantLock.class.isAssignableFrom(field.getType()) ? field : null;
        } catch (NoSuchFieldException beforeVersion426) {
            return null;
        }
    }

    /** Whether nobody has it, now or some time within that duration; false where it cannot be known. */
    boolean isFree(Object executor, Duration within) {
        if (!readable) {
            return false;
        }
        return lock == null ? isMonitorFree(executor, within) : isLockFree(lock(lock, executor), within);
    }

    private static ReentrantLock lock(Field field, Object executor) {
        try {
            return (ReentrantLock) field.get(executor);
        } catch (IllegalAccessException madeReadableBefore) {
            throw new IllegalStateException(madeReadableBefore);
        }
    }

    private static boolean isLockFree(ReentrantLock lock, Duration within) {
        long began = System.nanoTime();
        while (lock.isLocked()) {
            if (System.nanoTime() - began >= within.toNanos()) {
                return false;
            }
            LockSupport.parkNanos(GLANCE.toNanos());
        }
        return true;
    }

    /** A thread that has to wait for the monitor is blocked, and waits on after us, as a daemon, until it has had it. */
    private boolean isMonitorFree(Object monitor, Duration within) {
        Probe probe = probes.computeIfAbsent(monitor, this::start);
        long began = System.nanoTime();
        while (!probe.hasHadIt()) {
            if (probe.isBlocked() && System.nanoTime() - began >= within.toNanos()) {
                return false;
            }
            LockSupport.parkNanos(BEAT.toNanos());
        }
        return true;
    }

    private Probe start(Object monitor) {
        Probe probe = new Probe(monitor);
        probe.start();
        return probe;
    }

    private final class Probe extends Thread {
        private final Object monitor;
        private volatile boolean hadIt;

        private Probe(Object monitor) {
            super(null, null, "pgleash probe", 0, false);
            this.monitor = monitor;
            setDaemon(true);
            setContextClassLoader(null);
        }

        @Override
        public void run() {
            synchronized (monitor) {
                hadIt = true;
                // Still within, so that whoever finds this probe there learns of a moment after he had asked.
                probes.remove(monitor);
            }
        }

        boolean hasHadIt() {
            return hadIt;
        }

        /** By that monitor: the JVM has each thread take others at its end, where it may be blocked as well. */
        boolean isBlocked() {
            return getState() == State.BLOCKED && !hadIt;
        }
    }
}
