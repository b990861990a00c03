// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Connection;

/**
 * Handles that have no connection yet and will borrow one, in a call of its own, when they are first used: Spring's
 * LazyConnectionDataSourceProxy and TransactionAwareDataSourceProxy. That later borrow is the one that counts.
 */
final class LazyHandles {
    private LazyHandles() {}

    static boolean isLazy(Connection handle) {
        if (!Proxy.isProxyClass(handle.getClass())) {
            return false;
        }
        InvocationHandler handler = Proxy.getInvocationHandler(handle);
        return handler.getClass().getName().startsWith("org.springframework.jdbc.datasource.");
    }
}
