// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.track;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/** An application in a class loader of its own, together with its driver. */
public final class Redeployed {
    private final Class<?> driver;
    private final Connection closed;
    private final Connection aborted;
    private final Connection forgotten;

    public Redeployed(String url, String user, String password) throws ReflectiveOperationException, SQLException {
        driver = Class.forName("org.postgresql.Driver");
        Driver instance = (Driver) driver.getDeclaredConstructor().newInstance();
        Properties info = new Properties();
        info.setProperty("user", user);
        info.setProperty("password", password);
        closed = used(instance, url, info);
        aborted = used(instance, url, info);
        forgotten = used(instance, url, info);
    }

    /** Ends its connections but for one, and takes the driver back from DriverManager. */
    public void end() throws ReflectiveOperationException, SQLException {
        closed.close();
        try {
            aborted.abort(Runnable::run);
        } catch (SecurityException needsASecurityManager) {
            // Older drivers on JDK 25, which has none any more: this connection is a forgotten one, too.
        }
        driver.getMethod("deregister").invoke(null);
        if (forgotten.isClosed()) {
            throw new IllegalStateException("somebody closed what was forgotten");
        }
    }

    private static Connection used(Driver driver, String url, Properties info) throws SQLException {
        Connection connection = driver.connect(url, info);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT 1");
        }
        return connection;
    }
}
