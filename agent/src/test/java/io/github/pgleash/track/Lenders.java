// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLFeatureNotSupportedException;
import java.util.function.Supplier;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Data sources by hand. */
public final class Lenders {
    private Lenders() {}

    /** One that lends what it is given. */
    public static class Lender implements DataSource {
        private final Supplier<Connection> handles;

        public Lender(Supplier<Connection> handles) {
            this.handles = handles;
        }

        @Override
        public Connection getConnection() {
            return handles.get();
        }

        @Override
        public Connection getConnection(String user, String password) {
            return handles.get();
        }

        @Override
        public @Nullable PrintWriter getLogWriter() {
            return null;
        }

        @Override
        public void setLogWriter(PrintWriter out) {}

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
        public <T> T unwrap(Class<T> type) {
            throw new AssertionError("must not be called");
        }

        @Override
        public boolean isWrapperFor(Class<?> type) {
            throw new AssertionError("must not be called");
        }
    }
}
