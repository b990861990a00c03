// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import io.github.pgleash.track.Borrow;
import io.github.pgleash.track.BorrowRegistry;
import io.github.pgleash.track.TrackedConnection;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;

/**
 * Gives the slot of a leaked connection back to its pool, after its backend has ended: abort the driver's connection,
 * poke the handle so that the pool sees it broken, then close the handle. In this order, and only with the borrow
 * claimed: without that, pools were seen to hand dead or shared connections to others. Whatever one step throws, also an
 * error of the application's own logging, the next is done.
 */
final class Reclaim {
    private static final Duration LAST_WORDS = Duration.ofMillis(100);

    private final BorrowRegistry borrows;

    Reclaim(BorrowRegistry borrows) {
        this.borrows = borrows;
    }

    /**
     * Frees the slot of a borrow that the calling thread has claimed.
     *
     * @return whether the handle is closed, which is how a pool gets its slot back
     */
    boolean free(Borrow borrow, TrackedConnection connection) {
        // An owner that waits for an answer shall read why its session ended, and not that its socket was closed.
        boolean unused = connection.isQuiet(LAST_WORDS);
        connection.abort();
        Connection handle = borrow.handle();
        if (handle == null) {
            return false;
        }
        try {
            if (handle != connection.connection()) {
                poke(handle);
                BrokenMark.put(handle);
            }
            return close(handle);
        } finally {
            borrows.forget(borrow);
        }
    }

    /** Returns it for an owner that was turned away while we had claimed it, and then did nothing. */
    void returnForOwner(Borrow borrow) {
        Connection handle = borrow.handle();
        if (handle != null && borrow.unclaim()) {
            close(handle);
        }
    }

    private static void poke(Connection handle) {
        try (Statement statement = handle.createStatement()) {
            statement.execute("select 1");
        } catch (Throwable broken) {
            // that was the point: the pool has seen it too
        }
    }

    /** Some pools throw here and take the slot back all the same (HikariCP: 08003), so it is the handle that is asked. */
    private static boolean close(Connection handle) {
        try {
            handle.close();
            return true;
        } catch (Throwable thrown) {
            try {
                return handle.isClosed();
            } catch (Throwable unknown) {
                return false;
            }
        }
    }
}
