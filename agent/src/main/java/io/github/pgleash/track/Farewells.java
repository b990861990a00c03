// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import io.github.pgleash.connect.PgDriver;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Why a session was ended, for the owner who finds out: the exception that it gets carries the reason as a suppressed
 * one. Nothing is looked up until a first session was ended by us. Told by application threads, in the driver or a pool.
 */
public final class Farewells {
    private static final String ADMIN_SHUTDOWN = "57P01";

    private final Map<WeakIdentity<Object>, String> reasons = new ConcurrentHashMap<>();
    private final ReferenceQueue<Object> collected = new ReferenceQueue<>();
    private final Consumer<Class<?>> tellFailures;

    /** @param tellFailures has the calls on handles of a class told when they fail */
    public Farewells(Consumer<Class<?>> tellFailures) {
        this.tellFailures = tellFailures;
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
        if (physical != null) {
            put(physical, reason);
            put(PgDriver.of(physical.getClass()).executor(physical), reason);
        }
        if (handle != null && handle != physical) {
            put(handle, reason);
            tellFailures.accept(handle.getClass());
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
        if (reasons.isEmpty() || !(failure instanceof SQLException)) {
            return;
        }
        String reason = reasons.get(new WeakIdentity<>(source, null));
        if (reason == null) {
            return;
        }
        for (Throwable told : failure.getSuppressed()) {
            if (reason.equals(told.getMessage())) {
                return;
            }
        }
        SQLException farewell = new SQLException(reason, ADMIN_SHUTDOWN);
        farewell.setStackTrace(new StackTraceElement[0]); // it would only show how we came here
        failure.addSuppressed(farewell);
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
