// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash;

import io.github.pgleash.act.Shutdown;
import io.github.pgleash.track.ConnectionRegistry;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The shutdown hook. Made while the JVM starts, like the patrol's thread and for the same reason, and registered with the
 * first connection. It has the work done by a daemon and waits for that no longer than told: whatever hangs in there, a
 * driver or a pipe that nobody reads, the JVM exits.
 */
final class ExitThread extends Thread {
    /** For cancelling and closing, behind the wait for the application's own hooks. */
    private static final long WORK_MILLIS = 3_000;

    private volatile long longestMillis;
    private volatile @Nullable ConnectionRegistry registry;
    private volatile @Nullable PatrolThread patrol;
    private volatile @Nullable Shutdown shutdown;

    ExitThread() {
        super(null, null, "pgleash exit", 0, false);
        setContextClassLoader(null);
    }

    /**
     * From now on it is called when the JVM exits; not if it exits already. Called by the thread that opens the first
     * connection.
     *
     * @param waitMillis how long the application's own hooks may take
     */
    void register(ConnectionRegistry registry, PatrolThread patrol, long waitMillis) {
        this.registry = registry;
        this.patrol = patrol;
        longestMillis = waitMillis + WORK_MILLIS;
        try {
            Runtime.getRuntime().addShutdownHook(this);
        } catch (IllegalStateException exitsAlready) {
            // the connection that is opened now has no work to lose
        }
    }

    /** What is to be done then. Called by the patrol, which makes it a moment after the first connection. */
    void serve(Shutdown shutdown) {
        this.shutdown = shutdown;
    }

    @Override
    public void run() {
        if (hasNothingToDo()) {
            return;
        }
        Worker worker = new Worker();
        worker.start();
        try {
            worker.join(longestMillis);
        } catch (InterruptedException leave) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean hasNothingToDo() {
        ConnectionRegistry open = registry;
        return open == null || open.size() == 0;
    }

    private final class Worker extends Thread {
        private static final long GLANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
        private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

        Worker() {
            super(null, null, "pgleash exit work", 0, false);
            setDaemon(true);
            setContextClassLoader(null);
        }

        @Override
        public void run() {
            try {
                Shutdown work = shutdown();
                if (work != null) {
                    work.run();
                }
            } catch (Throwable trouble) {
                System.err.println("pgleash: the clean-up at exit failed: " + trouble);
            }
        }

        /** In the first moments after the first connection, the patrol has not made it yet. */
        private @Nullable Shutdown shutdown() {
            long began = System.nanoTime();
            PatrolThread maker = patrol;
            while (shutdown == null
                    && maker != null
                    && !hasNothingToDo()
                    && System.nanoTime() - began < PATIENCE_NANOS) {
                maker.wake();
                LockSupport.parkNanos(GLANCE_NANOS);
            }
            return shutdown;
        }
    }
}
