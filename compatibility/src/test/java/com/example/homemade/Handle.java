// SPDX-License-Identifier: Apache-2.0
package com.example.homemade;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What the borrower gets, for one loan. */
final class Handle implements InvocationHandler {
    private final AtomicReference<@Nullable Connection> physical;
    private final Return giveBack;

    interface Return {
        void run() throws SQLException;
    }

    Handle(Connection physical, Return giveBack) {
        this.physical = new AtomicReference<>(physical);
        this.giveBack = giveBack;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        switch (method.getName()) {
            case "close" -> {
                if (physical.getAndSet(null) != null) {
                    giveBack.run();
                }
                return null;
            }
            case "isClosed" -> {
                return physical.get() == null;
            }
            case "hashCode" -> {
                return System.identityHashCode(proxy);
            }
            case "equals" -> {
                return arguments != null && proxy == arguments[0];
            }
            default -> {
                Connection connection = physical.get();
                if (connection == null) {
                    throw new SQLException("it was given back");
                }
                try {
                    return method.invoke(connection, arguments);
                } catch (InvocationTargetException thrown) {
                    throw thrown.getTargetException();
                }
            }
        }
    }
}
