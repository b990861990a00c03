// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.service;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The named objects of a service, which stay there from script to script. What has no name here is garbage when the
 * script ends: a forgotten connection is one that was {@linkplain #remove removed} without being closed.
 */
public final class Stage {
    private static final String DRIVER = "org.postgresql.Driver";

    private final Map<String, Object> objects = new ConcurrentHashMap<>();

    /** Puts an object on the stage, in place of one of the same name, and returns it. */
    public <T> T put(String name, T object) {
        objects.put(name, object);
        return object;
    }

    /** The object of that name. */
    public <T> T get(String name, Class<T> type) {
        @Nullable Object object = objects.get(name);
        if (object == null) {
            throw new IllegalArgumentException("no " + name + " on the stage, only " + objects.keySet());
        }
        return type.cast(object);
    }

    /** Forgets an object and does nothing to it. */
    public void remove(String name) {
        objects.remove(name);
    }

    /** Closes an object and forgets it. */
    public void close(String name) throws Exception {
        AutoCloseable object = get(name, AutoCloseable.class);
        objects.remove(name);
        object.close();
    }

    /** Opens a connection through {@link DriverManager}. */
    public Connection open(String name, String url, String user, String password) throws SQLException {
        return put(name, DriverManager.getConnection(url, user, password));
    }

    /** Borrows a connection from a pool that is on the stage. */
    public Connection borrow(String pool, String name) throws SQLException {
        return put(name, get(pool, DataSource.class).getConnection());
    }

    public Connection connection(String name) {
        return get(name, Connection.class);
    }

    /** Runs a statement on a connection and lets its results go. */
    public void execute(String connection, String sql) throws SQLException {
        try (Statement statement = connection(connection).createStatement()) {
            statement.execute(sql);
        }
    }

    /** Runs a query on a connection; the first column of the first row, null where there is none. */
    public @Nullable String query(String connection, String sql) throws SQLException {
        try (Statement statement = connection(connection).createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : null;
        }
    }

    /** Loads pgjdbc from a jar that sees nothing but the JDK, as in an isolating container. */
    public Driver driver(String name, Path jar) throws IOException, ReflectiveOperationException {
        return driver(name, new URLClassLoader(new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader()));
    }

    /** Loads pgjdbc from a jar that sees the class path behind itself, as in a servlet container. */
    public Driver driverInWebapp(String name, Path jar) throws IOException, ReflectiveOperationException {
        return driver(name, new WebappClassLoader(jar.toUri().toURL()));
    }

    /** Opens a connection with a driver that is on the stage. */
    public Connection openWith(String driver, String name, String url, String user, String password)
            throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        @Nullable Connection connection = get(driver, Driver.class).connect(url, properties);
        if (connection == null) {
            throw new SQLException(driver + " does not take " + url);
        }
        return put(name, connection);
    }

    private Driver driver(String name, ClassLoader loader) throws ReflectiveOperationException {
        Class<?> type = Class.forName(DRIVER, true, loader);
        return put(name, (Driver) type.getDeclaredConstructor().newInstance());
    }
}
