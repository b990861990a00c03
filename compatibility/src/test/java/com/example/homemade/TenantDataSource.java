// SPDX-License-Identifier: Apache-2.0
package com.example.homemade;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Asks a directory, in a database of its own, for each loan of the tenant's connections. */
public final class TenantDataSource implements DataSource {
    private final DataSource directory;
    private final DataSource tenant;

    public TenantDataSource(DataSource directory, DataSource tenant) {
        this.directory = directory;
        this.tenant = tenant;
    }

    @Override
    public Connection getConnection() throws SQLException {
        try (Connection connection = directory.getConnection()) {
            if (!connection.isValid(1)) {
                throw new SQLException("no directory");
            }
        }
        return tenant.getConnection();
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException();
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
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("it is no wrapper");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
