// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;

/**
 * Tells a pool, in its own words, that a connection is broken, where it does not look at the errors of statements: what
 * is so marked is replaced when it comes back. Called by the thread that has claimed the borrow.
 */
final class BrokenMark {
    private BrokenMark() {}

    /** Does nothing to the handles of other pools. */
    static void put(Connection handle) {
        try {
            String name = handle.getClass().getName();
            if (name.startsWith("io.agroal.pool.wrapper.")) {
                // Looks at errors only if it was given an exception sorter.
                call(field(handle, "handler"), "setFlushOnly");
            } else if (name.startsWith("org.jboss.jca.adapters.jdbc.")) {
                // WildFly's, the same; this also closes the handle.
                call(handle, "invalidate");
            } else if (Proxy.isProxyClass(handle.getClass())) {
                InvocationHandler facade = Proxy.getInvocationHandler(handle);
                if (facade.getClass().getName().equals("org.apache.tomcat.jdbc.pool.DisposableConnectionFacade")) {
                    tomcat(facade);
                }
            }
        } catch (ReflectiveOperationException | RuntimeException otherVersion) {
            // the pool then keeps the connection; its own validation, if any, will find it dead
        }
    }

    /** Version 9 looks at no error at all. Interceptors stand between the handle and the pool's own object. */
    private static void tomcat(Object facade) throws ReflectiveOperationException {
        Object link = facade;
        for (Object next = call(link, "getNext"); next != null; next = call(link, "getNext")) {
            link = next;
        }
        Object pooled = call(link, "getConnection");
        Method discard = pooled.getClass().getDeclaredMethod("setDiscarded", boolean.class);
        if (discard.trySetAccessible()) {
            discard.invoke(pooled, true);
        }
    }

    private static Object field(Object object, String name) throws ReflectiveOperationException {
        Field field = object.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(object);
    }

    private static Object call(Object object, String name) throws ReflectiveOperationException {
        Method method = object.getClass().getMethod(name);
        method.setAccessible(true);
        return method.invoke(object);
    }
}
