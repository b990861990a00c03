// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.connect;

import java.lang.instrument.Instrumentation;
import java.sql.Connection;
import java.sql.Wrapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The classes of pools' handles, which nobody knows by name: each is woven when a data source first lends one of it, and
 * again when one of it gets a verdict. Called by threads that borrow, and by the patrol.
 */
final class HandleClasses {
    private final Instrumentation instrumentation;
    private final Set<Class<?>> returning = Weaver.weakSet();
    private final Set<Class<?>> suspect = Weaver.weakSet();
    private final ReentrantLock weaving = new ReentrantLock();

    private final ClassValue<Boolean> tellsReturn = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> handle) {
            return weaveReturn(handle);
        }
    };

    HandleClasses(Instrumentation instrumentation) {
        this.instrumentation = instrumentation;
    }

    /** Has returns of such handles told; false where that is not possible. */
    boolean tellReturn(Class<?> handle) {
        return tellsReturn.get(handle);
    }

    private boolean weaveReturn(Class<?> handle) {
        // One at a time: a second borrower must not go on before the class is woven, and to look for its methods loads
        // classes, where virtual threads that met would be pinned. At this lock they are not.
        weaving.lock();
        try {
            Class<?> declaring = closeOf(handle);
            if (declaring == null) {
                return false;
            }
            if (Weaver.isInTable(declaring)) {
                return true;
            }
            boolean woven = !returning.add(declaring) || weave(declaring);
            if (!woven) {
                returning.remove(declaring); // else the next class that inherits it would pass for woven
            }
            return woven;
        } finally {
            weaving.unlock();
        }
    }

    /** The class whose {@code close()} runs first; null when that cannot be known. */
    private static @Nullable Class<?> closeOf(Class<?> handle) {
        for (Class<?> type = handle;
                type != null && Connection.class.isAssignableFrom(type);
                type = type.getSuperclass()) {
            if (Weaver.isInTable(type)) {
                return type; // a driver's, which has one: to look for it loads what all its methods take and return
            }
            try {
                return type.getDeclaredMethod("close").getDeclaringClass();
            } catch (NoSuchMethodException inherited) {
                // look further up
            } catch (LinkageError trouble) { // it may have one: were one further up woven, returns might not be told
                System.err.println(
                        "pgleash: cannot track connections that are lent as " + type.getName() + ": " + trouble);
                return null;
            }
        }
        return null;
    }

    /** Has failures of calls on such handles told, or on statements, or results. */
    void tellFailures(Class<?> handle) {
        for (Class<?> type = handle;
                type != null && Wrapper.class.isAssignableFrom(type);
                type = type.getSuperclass()) {
            if (!Weaver.isInTable(type) && suspect.add(type)) {
                weave(type);
            }
        }
    }

    private boolean weave(Class<?> type) {
        return instrumentation.isModifiableClass(type) && Weaver.retransform(instrumentation, type);
    }

    /** What such a class gets when it is woven; nothing where it is no handle's. Called by the JVM while it weaves one. */
    List<HookPoint> pointsFor(Class<?> loaded) {
        List<HookPoint> points = new ArrayList<>();
        if (returning.contains(loaded)) {
            points.addAll(Weaver.Table.of(HookPoint.ANY_HANDLE));
        }
        if (suspect.contains(loaded)) {
            points.addAll(Weaver.Table.of(HookPoint.ANY_SUSPECT_HANDLE));
        }
        return points;
    }
}
