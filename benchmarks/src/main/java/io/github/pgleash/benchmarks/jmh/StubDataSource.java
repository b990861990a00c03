// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.benchmarks.jmh;

import java.io.PrintWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Makes connections to nowhere, for pools whose own work is to be measured. Not itself asked for by the application, so
 * that only the pool's handles count as borrows.
 */
public final class StubDataSource implements DataSource {
    @Override
    public Connection getConnection() {
        return proxy(Connection.class, new Nowhere());
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(StubDataSource.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    @Override
    public Connection getConnection(String user, String password) {
        return getConnection();
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) {}

    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("wraps nothing");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }

    private static final class Nowhere implements InvocationHandler {
        private final DatabaseMetaData metaData = proxy(DatabaseMetaData.class, Nowhere::describe);
        private boolean closed;

        private static @Nullable Object describe(Object proxy, Method method, Object @Nullable [] arguments) {
            return method.getName().equals("getURL") ? "jdbc:nowhere:" : nothing(method.getReturnType());
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) {
            return switch (method.getName()) {
                case "isValid", "getAutoCommit" -> true;
                case "isClosed" -> closed;
                case "getMetaData" -> metaData;
                case "close", "abort" -> {
                    closed = true;
                    yield null;
                }
                case "hashCode" -> System.identityHashCode(this);
                case "equals" -> arguments != null && proxy == arguments[0];
                default -> nothing(method.getReturnType());
            };
        }

        private static @Nullable Object nothing(Class<?> type) {
            if (type == boolean.class) {
                return false;
            }
            return type == int.class ? (Object) 0 : null;
        }
    }
}
