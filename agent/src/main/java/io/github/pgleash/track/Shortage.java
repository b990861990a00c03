// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Notices the moment of exhaustion: a borrow that timed out, or a server that has no slot left (53300). Told by
 * application threads, which only leave a note for the patrol.
 */
public final class Shortage {
    private static final String TOO_MANY_CONNECTIONS = "53300";
    private static final String[] SIGNS = {
        "timeout",
        "timed out",
        "exhausted",
        "too many",
        "no more connections",
        "are in use", // UCP
        "ij000453", // IronJacamar: only a cause says that it was a timeout
    };
    private static final int DEEPEST_CAUSE = 8;

    private final AtomicReference<@Nullable String> noted = new AtomicReference<>();
    private final Runnable wake;

    /** @param wake makes the patrol look now */
    public Shortage(Runnable wake) {
        this.wake = wake;
    }

    /** A borrow failed, for whatever reason. */
    public void borrowFailed(Throwable failure) {
        String sign = sign(failure);
        if (sign != null && noted.compareAndSet(null, sign)) {
            wake.run();
        }
    }

    /** What was noted since the last call; null when nothing was. */
    public @Nullable String take() {
        return noted.getAndSet(null);
    }

    private static @Nullable String sign(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
            if (cause instanceof SQLException sql && TOO_MANY_CONNECTIONS.equals(sql.getSQLState())) {
                return "the server has no connection slot left: " + sql.getMessage();
            }
            cause = cause.getCause();
        }
        boolean timedOut = failure instanceof SQLTransientConnectionException
                || failure instanceof SQLTimeoutException
                || says(failure);
        return timedOut ? "a borrow failed: " + failure.getMessage() : null;
    }

    /** Most pools throw a plain SQLException; what it says is all there is. Druid's says it by its name alone. */
    private static boolean says(Throwable failure) {
        if (!(failure instanceof SQLException)) {
            return false;
        }
        String text = (failure.getClass().getSimpleName() + " " + failure.getMessage()).toLowerCase(Locale.ROOT);
        for (String sign : SIGNS) {
            if (text.contains(sign)) {
                return true;
            }
        }
        return false;
    }
}
