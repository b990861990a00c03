// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import io.github.pgleash.connect.PgDriver;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Why a session was ended, for the owner who finds out: the exception that it gets carries the reason as a suppressed
 * one. Nothing is told to us before a first verdict, and nothing looked up until a first session was ended by us. Told by
 * application threads, in the driver or a pool.
 */
public final class Farewells {
    private static final String ADMIN_SHUTDOWN = "57P01";
    private static final String OBJECT_NOT_IN_STATE = "55000";
    private static final String INVALID_CURSOR_STATE = "24000";

    private final Map<WeakIdentity<Object>, String> reasons = new ConcurrentHashMap<>();
    private final ReferenceQueue<Object> collected = new ReferenceQueue<>();
    private final Consumer<Class<?>> tellFailures;

    /** @param tellFailures has the calls on handles, statements and results of a class told when they fail */
    public Farewells(Consumer<Class<?>> tellFailures) {
        this.tellFailures = tellFailures;
    }

    /**
     * Has the failures of such a connection told, should it be ended: to weave its classes takes longer than to end it.
     * Called by whoever has time, mostly the patrol; a second time does nothing.
     */
    public void expect(@Nullable Connection physical, @Nullable Connection handle) {
        if (physical != null) {
            PgDriver.of(physical.getClass()).closables().forEach(tellFailures);
        }
        if (handle != null && handle != physical) {
            tellFailures.accept(handle.getClass());
        }
    }

    /**
     * From now on, whoever uses this connection learns why it is dead. Called before its backend is ended, by the thread
     * that ends it.
     *
     * @param handle what its owner holds; null when nobody has it
     * @param reason a sentence for the owner
     */
    public void arm(@Nullable Connection physical, @Nullable Connection handle, String reason) {
        forgetCollected();
        expect(physical, handle);
        if (physical != null) {
            put(physical, reason);
            put(PgDriver.of(physical.getClass()).executor(physical), reason);
        }
        if (handle != null && handle != physical) {
            put(handle, reason);
        }
    }

    /** It was not ended after all. */
    public void disarm(@Nullable Connection physical, @Nullable Connection handle) {
        if (physical != null) {
            remove(physical);
            remove(PgDriver.of(physical.getClass()).executor(physical));
        }
        if (handle != null) {
            remove(handle);
        }
    }

    /** Adds the reason to an exception that such a connection throws; once. */
    public void tell(Object source, Throwable failure) {
        if (reasons.isEmpty() || !(failure instanceof SQLException told) || !isOfDeadConnection(told)) {
            return;
        }
        String reason = reason(source);
        if (reason == null) {
            return;
        }
        for (Throwable before : failure.getSuppressed()) {
            if (reason.equals(before.getMessage())) {
                return;
            }
        }
        SQLException farewell = new SQLException(reason, ADMIN_SHUTDOWN);
        farewell.setStackTrace(new StackTraceElement[0]); // it would only show how we came here
        failure.addSuppressed(farewell);
    }

    private @Nullable String reason(Object source) {
        Object key = source;
        if (source instanceof Statement || source instanceof ResultSet) {
            // Closed along with its connection, it does not ask that any more.
            key = Anatomy.physical(source);
        }
        return key == null ? null : reasons.get(new WeakIdentity<>(key, null));
    }

    /**
     * Whether that is how a dead connection, or what was closed with it, fails. From arming to the end of the backend its
     * owner may still run into an error of its own making.
     */
    private static boolean isOfDeadConnection(SQLException failure) {
        String state = failure.getSQLState();
        return state == null
                || state.startsWith("08")
                || state.startsWith("57P")
                || state.equals(OBJECT_NOT_IN_STATE)
                || state.equals(INVALID_CURSOR_STATE)
                || !(state.length() == 5 && Character.isDigit(state.charAt(0)));
    }

    private void put(Object object, String reason) {
        reasons.put(new WeakIdentity<>(object, collected), reason);
    }

    private void remove(Object object) {
        reasons.remove(new WeakIdentity<>(object, null));
    }

    private void forgetCollected() {
        for (Reference<?> dead = collected.poll(); dead != null; dead = collected.poll()) {
            reasons.keySet().remove(dead);
        }
    }
}
