// SPDX-License-Identifier: Apache-2.0
package com.example.homemade;

import java.io.PrintWriter;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTimeoutException;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A thread fills it, its handles are proxies, and what comes back closed is replaced. */
public final class HomemadePool implements DataSource, AutoCloseable {
    private final BlockingQueue<Connection> idle = new LinkedBlockingQueue<>();
    private final Set<Connection> lent = ConcurrentHashMap.newKeySet();
    private final int timeoutMillis;
    private final Filler filler;

    public HomemadePool(String url, String user, String password, int size, int timeoutMillis) {
        this.timeoutMillis = timeoutMillis;
        this.filler = new Filler(url, user, password, idle);
        for (int i = 0; i < size; i++) {
            filler.order();
        }
        Thread thread = new Thread(filler, "fills the pool");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public Connection getConnection() throws SQLException {
        try {
            Connection physical = idle.poll(timeoutMillis, TimeUnit.MILLISECONDS);
            if (physical == null) {
                throw new SQLTimeoutException("none within " + timeoutMillis + " ms");
            }
            lent.add(physical);
            return (Connection) Proxy.newProxyInstance(
                    HomemadePool.class.getClassLoader(),
                    new Class<?>[] {Connection.class},
                    new Handle(physical, () -> takeBack(physical)));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new SQLException(interrupted);
        }
    }

    private void takeBack(Connection physical) throws SQLException {
        lent.remove(physical);
        if (physical.isClosed()) {
            filler.order();
        } else {
            idle.add(physical);
        }
    }

    public int lent() {
        return lent.size();
    }

    public int idle() {
        return idle.size();
    }

    @Override
    public void close() throws SQLException {
        filler.stop();
        for (Connection physical : idle) {
            physical.close();
        }
        for (Connection physical : lent) {
            physical.close();
        }
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
