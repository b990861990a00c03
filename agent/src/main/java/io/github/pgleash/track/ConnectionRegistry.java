// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import io.github.pgleash.connect.PgDriver;
import io.github.pgleash.track.Origin.Address;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The open connections of this JVM. Close events differ between driver versions and cannot be trusted, so every reading
 * sweeps out what is closed, broken or collected. Called by application threads (open, close), the patrol and JMX.
 */
public final class ConnectionRegistry {
    private static final int SWEEP_EVERY = 64;

    private final Map<WeakIdentity<Connection>, TrackedConnection> connections = new ConcurrentHashMap<>();
    private final Map<WeakIdentity<Connection>, Boolean> met = new ConcurrentHashMap<>();
    private final Map<Address, WeakReference<Origin>> origins = new ConcurrentHashMap<>();
    private final ReferenceQueue<Connection> collected = new ReferenceQueue<>();
    private final AtomicLong numbers = new AtomicLong();
    private final RecentlyGone recentlyGone = new RecentlyGone();

    /**
     * A connection is being made while the agent is here, be it of the application, for replication or our own: whatever
     * becomes of it, its use is no sign of one that was open before.
     */
    public void opening(Connection connection) {
        meet(connection);
    }

    /** @param tag the {@code application_name} we gave it, null where we did not */
    public TrackedConnection opened(Connection connection, PgDriver driver, Properties info, @Nullable String tag) {
        return add(connection, driver, info, tag, false);
    }

    /**
     * A connection that was open before the agent came, met at its next use. Once only: what the driver is asked here is
     * such a use again.
     */
    public void adopt(Connection connection) {
        if (meet(connection)) {
            add(connection, PgDriver.of(connection.getClass()), new Properties(), null, true);
        }
    }

    private boolean meet(Connection connection) {
        return !met.containsKey(new WeakIdentity<>(connection, null))
                && met.putIfAbsent(new WeakIdentity<>(connection, collected), true) == null;
    }

    private TrackedConnection add(
            Connection connection, PgDriver driver, Properties info, @Nullable String tag, boolean adopted) {
        long number = numbers.incrementAndGet();
        if (number % SWEEP_EVERY == 0) {
            sweep();
        }
        Address address = Address.of(driver, connection, info);
        TrackedConnection tracked = new TrackedConnection(
                new WeakIdentity<>(connection, collected),
                origin(driver.connectionClass(), address, info),
                number,
                driver.backendPid(connection),
                tag,
                adopted);
        TrackedConnection before = connections.putIfAbsent(tracked.reference(), tracked);
        return before == null ? tracked : before;
    }

    private Origin origin(Class<?> connectionClass, Address address, Properties info) {
        WeakReference<Origin> known = origins.get(address);
        Origin origin = known == null ? null : known.get();
        if (origin == null || !origin.isOf(connectionClass)) {
            origin = new Origin(connectionClass, address, info);
            for (Iterator<WeakReference<Origin>> all = origins.values().iterator(); all.hasNext(); ) {
                if (all.next().refersTo(null)) {
                    all.remove();
                }
            }
            origins.put(address, new WeakReference<>(origin));
        } else {
            origin.renew(info);
        }
        for (WeakReference<Origin> reference : origins.values()) {
            Origin other = reference.get();
            if (other != null) {
                other.share(origin);
                origin.share(other);
            }
        }
        return origin;
    }

    /** It was put into an XA connection. */
    public void enlisted(Connection connection) {
        TrackedConnection tracked = find(connection);
        if (tracked != null) {
            tracked.markXa();
        }
    }

    /** The application closed it; harmless when that was told before or it was never tracked. */
    public void closed(Connection connection) {
        TrackedConnection gone = connections.remove(new WeakIdentity<>(connection, null));
        if (gone != null) {
            recentlyGone.add(gone);
        }
    }

    /** The tracked connection of a driver's connection; null when it is not tracked (any more). */
    public @Nullable TrackedConnection find(Connection connection) {
        return connections.get(new WeakIdentity<>(connection, null));
    }

    /** The open connections, oldest first. */
    public List<TrackedConnection> open() {
        sweep();
        List<TrackedConnection> open = new ArrayList<>(connections.values());
        open.sort(Comparator.comparingLong(TrackedConnection::number));
        return open;
    }

    /** How many are open; touches no network. */
    public int size() {
        sweep();
        return connections.size();
    }

    /** Backends of this JVM whose connection is closed by now. */
    public RecentlyGone recentlyGone() {
        return recentlyGone;
    }

    private void sweep() {
        for (Reference<? extends Connection> dead = collected.poll(); dead != null; dead = collected.poll()) {
            met.remove(dead);
            drop(connections.get(dead));
        }
        for (TrackedConnection tracked : connections.values()) {
            if (!tracked.isOpen()) {
                drop(tracked);
            }
        }
    }

    private void drop(@Nullable TrackedConnection tracked) {
        if (tracked != null && connections.remove(tracked.reference()) != null) {
            recentlyGone.add(tracked);
        }
    }
}
