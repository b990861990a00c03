// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import io.github.pgleash.track.TrackedConnection;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * What can be done to a connection with its own driver alone: a cancel request, which the server takes on a socket of its
 * own and before it looks whether a slot is free, and closing the socket. Needs no session, no SQL and no privilege.
 * Nothing here blocks for longer than told: a network that swallows would hold a cancel request for ten seconds, so the
 * driver is called on threads of ours that are left behind then. Called by JMX threads, the patrol and the shutdown hook.
 */
final class LocalMeans {
    /** Closing a socket takes no time, but through TLS it waits for whoever is writing. */
    private static final Duration ABORT = Duration.ofSeconds(1);

    private LocalMeans() {}

    /**
     * Asks the server to end what the connection runs.
     *
     * @return whether it was seen to end within that time: no thread waits for the server on it any more
     */
    static boolean cancel(TrackedConnection connection, Duration within) {
        long began = System.nanoTime();
        Call request = Call.start(connection::cancel);
        boolean ended = connection.isQuiet(within);
        // What is still on its way would end the next statement.
        request.await(within.minusNanos(System.nanoTime() - began));
        return ended;
    }

    /**
     * Ends the session as far as this side can: cancels what runs, then closes the socket. In this order, since a backend
     * does not see a closed socket while it works. Asks once more where the statement did not end by then: its owner may
     * have sent the next one in between, and after the abort it can send no more.
     *
     * @return whether nothing ran, or it was seen to end before the socket was closed
     */
    static boolean end(TrackedConnection connection, Duration within) {
        boolean ended = connection.isQuiet(Duration.ZERO) || cancel(connection, within);
        boolean quiet = connection.isQuiet(Duration.ZERO);
        Call.start(connection::abort).await(ABORT);
        if (!quiet) {
            Call.start(connection::cancel).await(within);
        }
        return ended;
    }

    /** A thread for one call of the driver, which may hang or fail as it likes. */
    static final class Call extends Thread {
        private static final Duration BEAT = Duration.ofMillis(1);

        private final Runnable work;

        private Call(Runnable work) {
            super(null, null, "pgleash local", 0, false);
            this.work = work;
            setDaemon(true);
            setContextClassLoader(null);
        }

        static Call start(Runnable work) {
            Call call = new Call(work);
            call.start();
            return call;
        }

        @Override
        public void run() {
            try {
                work.run();
            } catch (Throwable failed) {
                // closed meanwhile, or the server is gone: what became of it is looked at, not told by the driver
            }
        }

        void await(Duration within) {
            long began = System.nanoTime();
            while (isAlive() && System.nanoTime() - began < within.toNanos()) {
                LockSupport.parkNanos(BEAT.toNanos());
            }
        }
    }
}
