// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.observe;

import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Logins that the server has refused, for one control connection: the same credentials are not tried again and again,
 * since some servers lock a role after a few failures, and it would be the application's. Newer ones are tried at once.
 * Text only: the exception is of the driver's class loader. Guarded by the control connection's lock.
 */
final class Refusals {
    /** For what may pass: an authentication service that is down, an entry in pg_hba.conf that is put right. */
    static final Duration FIRST_WAIT = Duration.ofMinutes(1);

    static final Duration WAIT = Duration.ofHours(1);

    /** So many different credentials, each refused right after the application's own login: no accident. */
    private static final int SINGLE_USE = 3;

    private int times;
    private int different;
    private long edition;
    private long lastNanos;
    private String message = "";
    private @Nullable String state;

    /**
     * Before a login is tried.
     *
     * @param edition which credentials they are, see {@link Login#edition}
     * @throws SQLException the last refusal once more, when it is too early to try again; the server is not asked
     */
    void check(long edition, long nowNanos) throws SQLException {
        boolean newer = edition != this.edition && different < SINGLE_USE;
        Duration wait = times == 1 && different < SINGLE_USE ? FIRST_WAIT : WAIT;
        if (!isEmpty() && !newer && nowNanos - lastNanos < wait.toNanos()) {
            throw told();
        }
    }

    /** The server has refused it. */
    SQLException refused(long edition, SQLException why, long nowNanos) {
        boolean newer = isEmpty() || edition != this.edition;
        times = newer ? 1 : times + 1;
        different += newer ? 1 : 0;
        this.edition = edition;
        lastNanos = nowNanos;
        message = String.valueOf(why.getMessage());
        state = why.getSQLState();
        return told();
    }

    private SQLException told() {
        String next = different < SINGLE_USE
                ? "; not tried again with the same credentials for a while, but at once when newer ones have worked"
                : "; so were other credentials, each right after the application's own login with them: they seem to be "
                        + "good for one login only; set control.user and control.password";
        return new SQLException(message + next, state);
    }

    /** A login has worked. */
    void accepted() {
        times = 0;
        different = 0;
    }

    boolean isEmpty() {
        return times == 0;
    }

    /** Whether it is about who we are; not, for instance, about a server that is full. */
    static boolean isRefusal(SQLException failed) {
        String state = failed.getSQLState();
        return state != null && state.startsWith("28");
    }
}
