// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.concurrent.atomic.AtomicInteger;

/** Handles as a pool would lend them; calling any method of one fails, but to compare it. */
public final class Handles {
    private Handles() {}

    /** A handle around another connection. */
    public static Connection around(Object inner) {
        return proxy(new Wrapper(inner));
    }

    /** One that leads to no driver's connection. */
    public static Connection empty() {
        return around("nothing");
    }

    public static Connection proxy(InvocationHandler handler) {
        return (Connection)
                Proxy.newProxyInstance(Handles.class.getClassLoader(), new Class<?>[] {Connection.class}, handler);
    }

    /** Lends what it is given, and knows how often it was called. */
    static final class Wrapper implements InvocationHandler {
        final Object inner;
        final AtomicInteger calls = new AtomicInteger();

        Wrapper(Object inner) {
            this.inner = inner;
        }

        @Override
        public Object invoke(Object proxy, java.lang.reflect.Method method, Object[] arguments) {
            calls.incrementAndGet();
            throw new AssertionError(method + " must not be called");
        }
    }
}
