// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.observe;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * pgleash's own connection to one server as one role: opened when needed, closed when idle, never in the list, always in
 * autocommit, since inside a transaction {@code pg_stat_activity} does not change. Everything on it is bounded by
 * timeouts. One user at a time; called by the patrol and by JMX threads, never by the application's.
 */
public final class ControlConnection {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final ControlLogin logins;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Session session;
    private boolean retired;
    private long lastUsedNanos = System.nanoTime();

    /** Work on the open connection. */
    public interface Work<T extends @Nullable Object> {
        T with(Session session) throws SQLException;
    }

    /**
     * The open connection, and the server's facts as it told them at login.
     *
     * @param route what is between the application and its server
     * @param name the {@code application_name} that was asked for
     * @param openedNanos when, by the monotonic clock
     */
    public record Session(Connection connection, ServerFacts server, Route route, String name, long openedNanos) {
        /**
         * To be thrown where an older session than the question contradicts this JVM: its address may lead to another
         * server by now. A new one is opened, if one can be had, and the work done again.
         */
        public SQLException outdated() {
            return new Outdated();
        }
    }

    private static final class Outdated extends SQLException {
        private static final long serialVersionUID = 1;

        Outdated() {
            super("the control connection is older than what it was asked about");
        }
    }

    /** It was closed for good between being found and being used. */
    static final class Retired extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** @param applicationName under which it is seen in {@code pg_stat_activity} */
    ControlConnection(String applicationName) {
        logins = new ControlLogin(applicationName);
    }

    /**
     * Does the work, on a connection that is opened if there is none. A connection that turns out to be dead is replaced
     * once: the server may have been restarted since the last use.
     *
     * @param login how to open one, with the newest credentials
     * @throws Unreachable when none can be opened; then the work was not begun, or begun on one that broke
     */
    <T extends @Nullable Object> T use(Login login, Work<T> work) throws SQLException {
        lock();
        try {
            if (retired) {
                throw new Retired();
            }
            boolean fresh = session == null;
            try {
                return work.with(open(login));
            } catch (Outdated outdated) {
                replace(login);
                return work.with(open(login));
            } catch (SQLException failed) {
                if (fresh || !isBroken(failed)) {
                    throw failed;
                }
                closeQuietly();
                return work.with(open(login));
            }
        } catch (SQLException failed) {
            if (isBroken(failed)) {
                closeQuietly();
            }
            throw failed;
        } finally {
            lastUsedNanos = System.nanoTime();
            lock.unlock();
        }
    }

    /** The old one goes only when there is another: on the day when no slot is left, it is worth more than a new one. */
    private void replace(Login login) {
        Session old = session;
        session = null;
        try {
            open(login);
            close(old);
        } catch (SQLException noOther) {
            session = old == null
                    ? null
                    : new Session(old.connection(), old.server(), old.route(), old.name(), System.nanoTime());
        }
    }

    private void lock() throws SQLException {
        try {
            if (!lock.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new SQLException("the control connection is busy with another request; try again");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted while waiting for the control connection", interrupted);
        }
    }

    private Session open(Login login) throws SQLException {
        Session open = session;
        if (open == null) {
            try {
                open = logins.open(login);
            } catch (SQLException refused) {
                throw new Unreachable(refused);
            }
            session = open;
        }
        return open;
    }

    /**
     * Closes it, when nobody uses it now: there is nothing left to act on.
     *
     * @return whether that was for good, so that whoever wants it later needs a new one; not while it remembers refusals
     */
    boolean retire() {
        if (lock.tryLock()) {
            try {
                closeQuietly();
                retired = !logins.remembersRefusals();
                return retired;
            } finally {
                lock.unlock();
            }
        }
        return false;
    }

    private static boolean isBroken(SQLException failed) {
        String state = failed.getSQLState();
        return state != null && (state.startsWith("08") || state.startsWith("57P"));
    }

    /** Opens it if there is none, and replaces it if it is dead. Does nothing while somebody uses it. */
    void keepOpen(Login login) throws SQLException {
        if (lock.tryLock()) {
            try {
                Session open = session;
                if (open != null && !open.connection().isValid((int) ControlLogin.TIMEOUT.toSeconds())) {
                    closeQuietly();
                }
                open(login);
            } finally {
                lock.unlock();
            }
        }
    }

    /** Closes it when it was not used for that long and nobody uses it now. */
    void closeIfIdle(Duration longerThan, long nowNanos) {
        if (nowNanos - lastUsedNanos >= longerThan.toNanos() && lock.tryLock()) {
            try {
                closeQuietly();
            } finally {
                lock.unlock();
            }
        }
    }

    private void closeQuietly() {
        Session open = session;
        session = null;
        close(open);
    }

    private static void close(@Nullable Session open) {
        if (open != null) {
            try {
                open.connection().close();
            } catch (SQLException | RuntimeException | LinkageError ignored) { // of a loader that is stopped already
                // gone either way
            }
        }
    }
}
