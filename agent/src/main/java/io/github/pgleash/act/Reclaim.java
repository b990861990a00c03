// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import io.github.pgleash.track.Borrow;
import io.github.pgleash.track.BorrowRegistry;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * Gives the slot of a leaked connection back to its pool, after its backend has ended: abort the driver's connection,
 * poke the handle so that the pool sees it broken, then close the handle. In this order, and only with the borrow
 * claimed: without that, pools were seen to hand dead or shared connections to others. Whatever one step throws, also an
 * error of the application's own logging, the next is done.
 */
final class Reclaim {
    private final BorrowRegistry borrows;

    Reclaim(BorrowRegistry borrows) {
        this.borrows = borrows;
    }

    /** Tells the driver that a connection is dead: closes its socket, sends nothing. */
    static void abort(@Nullable Connection physical) {
        if (physical != null) {
            try {
                physical.abort(Runnable::run);
            } catch (Throwable ignored) {
                // it is closed already, then
            }
        }
    }

    /**
     * Frees the slot of a borrow that the calling thread has claimed.
     *
     * @return whether the handle is closed, which is how a pool gets its slot back
     */
    boolean free(Borrow borrow, @Nullable Connection physical) {
        abort(physical);
        Connection handle = borrow.handle();
        if (handle == null) {
            return false;
        }
        try {
            if (handle != physical) {
                poke(handle);
                flushAgroal(handle);
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

    /** Agroal does not look at errors unless it was given an exception sorter: its handler must be told. */
    private static void flushAgroal(Connection handle) {
        if (!handle.getClass().getName().startsWith("io.agroal.pool.wrapper.")) {
            return;
        }
        try {
            Field field = handle.getClass().getDeclaredField("handler");
            if (field.trySetAccessible()) {
                Object handler = field.get(handle);
                Method flush = handler.getClass().getMethod("setFlushOnly");
                if (flush.trySetAccessible()) {
                    flush.invoke(handler);
                }
            }
        } catch (ReflectiveOperationException | RuntimeException otherVersion) {
            // Agroal then keeps the connection; its own validation, if any, will find it dead
        }
    }
}
