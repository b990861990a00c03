// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash;

import io.github.pgleash.act.Shutdown;
import org.jspecify.annotations.Nullable;

/**
 * The shutdown hook. Made while the JVM starts, like the patrol's thread and for the same reason, and registered with the
 * first connection. It has the work done by a daemon and waits for that no longer than told: whatever hangs in there, a
 * driver or a pipe that nobody reads, the JVM exits.
 */
final class ExitThread extends Thread {
    private final Worker worker = new Worker();

    ExitThread() {
        super(null, null, "pgleash exit", 0, false);
        setContextClassLoader(null);
    }

    /** From now on it is called when the JVM exits; not if it exits already. */
    void register(Shutdown shutdown) {
        worker.shutdown = shutdown;
        try {
            Runtime.getRuntime().addShutdownHook(this);
        } catch (IllegalStateException exitsAlready) {
            // the connection that was opened now has no work to lose
        }
    }

    @Override
    public void run() {
        Shutdown shutdown = worker.shutdown;
        if (shutdown == null) {
            return;
        }
        worker.start();
        try {
            worker.join(shutdown.longest().toMillis());
        } catch (InterruptedException leave) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Worker extends Thread {
        private volatile @Nullable Shutdown shutdown;

        Worker() {
            super(null, null, "pgleash exit work", 0, false);
            setDaemon(true);
            setContextClassLoader(null);
        }

        @Override
        public void run() {
            Shutdown work = shutdown;
            try {
                if (work != null) {
                    work.run();
                }
            } catch (Throwable trouble) {
                System.err.println("pgleash: the clean-up at exit failed: " + trouble);
            }
        }
    }
}
