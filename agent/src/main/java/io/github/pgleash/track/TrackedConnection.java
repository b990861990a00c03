// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import io.github.pgleash.connect.PgDriver;
import io.github.pgleash.track.Origin.Address;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One open connection of this JVM and the backend behind it. Holds the connection weakly and otherwise only text and
 * numbers, so that it keeps neither the connection nor its class loader.
 */
public final class TrackedConnection {
    private static final long UNKNOWN = 0;

    private final WeakIdentity<Connection> reference;
    private final Origin origin;
    private final long number;
    private final int pid;
    private final @Nullable String tag;
    private final boolean adopted;
    private final long openedMillis = System.currentTimeMillis();
    private final long openedNanos = System.nanoTime();
    private volatile long backendStart = UNKNOWN;
    private volatile @Nullable ServerRun run;
    private volatile boolean replaced;
    private volatile boolean xa;

    TrackedConnection(
            WeakIdentity<Connection> reference,
            Origin origin,
            long number,
            int pid,
            @Nullable String tag,
            boolean adopted) {
        this.reference = reference;
        this.origin = origin;
        this.number = number;
        this.pid = pid;
        this.tag = tag;
        this.adopted = adopted;
    }

    WeakIdentity<Connection> reference() {
        return reference;
    }

    /** The driver's object; null once it was collected. */
    public @Nullable Connection connection() {
        return reference.get();
    }

    public Origin origin() {
        return origin;
    }

    public Address address() {
        return origin.address();
    }

    /** Counts up with each connection of this JVM: a newer connection has a higher one. */
    public long number() {
        return number;
    }

    /** As the server, or a pooler in its place, reported it; not a backend's pid when it is 0 or negative. */
    public int pid() {
        return pid;
    }

    /** The {@code application_name} we gave it; null where we did not. */
    public @Nullable String tag() {
        return tag;
    }

    /** Whether it was open before the agent was attached, so that it is older than {@link #openedAt} says. */
    public boolean adopted() {
        return adopted;
    }

    /** When it was opened, or met for the first time; by this JVM's clock. */
    public Instant openedAt() {
        return Instant.ofEpochMilli(openedMillis);
    }

    /** How long ago that was, by the monotonic clock. */
    public long ageNanos(long nowNanos) {
        return nowNanos - openedNanos;
    }

    /** Whether the application can still use it, as far as is known. Touches no network. */
    public boolean isOpen() {
        Connection connection = reference.get();
        if (connection == null || replaced) {
            return false;
        }
        try {
            return !connection.isClosed();
        } catch (SQLException | RuntimeException broken) {
            return false;
        }
    }

    /** Has the driver ask the server, on a socket of its own, to end the statement. Touches the network. */
    public void cancel() {
        Connection connection = reference.get();
        if (connection != null) {
            PgDriver.of(connection.getClass()).cancel(connection);
        }
    }

    /** Whether a transaction is open, as the driver last heard; touches no network. */
    public boolean isInTransaction() {
        Connection connection = reference.get();
        return connection != null && PgDriver.of(connection.getClass()).isInTransaction(connection);
    }

    /** Its {@code application_name}, as the driver last heard; touches no network. */
    public @Nullable String applicationName() {
        Connection connection = reference.get();
        return connection == null ? null : PgDriver.of(connection.getClass()).applicationName(connection);
    }

    /** Whether no thread waits for the server on it, now or some time within that duration; false if that is unknown. */
    public boolean isQuiet(Duration within) {
        Connection connection = reference.get();
        return connection == null || PgDriver.of(connection.getClass()).isQuiet(connection, within);
    }

    /** Tells the driver that it is dead: closes its socket, sends nothing. */
    public void abort() {
        Connection connection = reference.get();
        if (connection != null) {
            PgDriver.of(connection.getClass()).abort(connection);
        }
    }

    /** {@code backend_start} in microseconds since 1970; 0 as long as it is unknown. */
    public long backendStart() {
        return backendStart;
    }

    public boolean isBound() {
        return backendStart != UNKNOWN;
    }

    /** Binds this connection to the backend that was proved to be its own; once, and for good. Patrol or JMX thread. */
    public synchronized void bind(long backendStartMicros) {
        if (backendStart == UNKNOWN) {
            backendStart = backendStartMicros;
        }
    }

    /** The run of the server on which its backend was first seen; null as long as it was not. */
    public @Nullable ServerRun run() {
        return run;
    }

    /** Its backend was seen there; the first time counts. Patrol or JMX thread. */
    public synchronized void seenOn(ServerRun server) {
        if (run == null) {
            run = server;
        }
    }

    /** Its backend has ended and the pid is another's by now: it is dead, even if the driver has not noticed. */
    public void markReplaced() {
        replaced = true;
    }

    /** It takes part in distributed transactions: a transaction manager decides about it, never we. */
    void markXa() {
        xa = true;
    }

    public boolean isXa() {
        return xa;
    }

    /**
     * {@code pid@host:port#start}, without the start while that is unknown; {@code 0@host:port#c7} for our seventh
     * connection where there is no pid, as through RDS Proxy.
     */
    public String id() {
        long start = backendStart;
        String which = pid == 0 ? "#c" + number : start == UNKNOWN ? "" : "#" + start;
        return pid + "@" + address().server() + which;
    }
}
