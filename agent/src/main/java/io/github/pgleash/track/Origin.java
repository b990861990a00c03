// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import io.github.pgleash.connect.PgDriver;
import java.lang.ref.WeakReference;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where connections of one driver copy, server, role and database come from, with the newest settings that worked:
 * credentials expire, so older ones are forgotten. Lives as long as one of its connections is tracked, and so does the
 * password in it. Holds the driver weakly.
 */
public final class Origin {
    /** Marks our own connections; the driver passes settings on that it does not know, and ignores them. */
    private static final String CONTROL = "pgleash.control";

    /** What leads elsewhere, or changes how statements run: not for a control connection to this very server. */
    private static final Set<String> NOT_FOR_CONTROL = Set.of(
            "PGHOST",
            "PGPORT",
            "PGDBNAME",
            "targetServerType",
            "loadBalanceHosts",
            "hostRecheckSeconds",
            "service",
            "currentSchema",
            "readOnly",
            "readOnlyMode",
            "autosave",
            "defaultRowFetchSize",
            "adaptiveFetch",
            "queryTimeout",
            "preferQueryMode",
            "connectExecutor",
            "logUnclosedConnections",
            "loggerLevel",
            "loggerFile");

    private static final StackWalker WALKER = StackWalker.getInstance();

    private final WeakReference<Class<?>> connectionClass;
    private final Address address;
    private volatile Map<String, String> settings;
    private volatile boolean behindPooler;
    private volatile boolean behindPgpool;

    /** Server as the driver chose it ({@code host:port}), role and database. */
    public record Address(String server, String role, String database) {
        @Override
        public String toString() {
            return role + "@" + server + "/" + database;
        }
    }

    Origin(Class<?> connectionClass, Address address, Properties info) {
        this.connectionClass = new WeakReference<>(connectionClass);
        this.address = address;
        this.settings = textsOf(info);
    }

    /** Whether these settings are of a control connection of ours, which is neither tagged nor tracked. */
    public static boolean isControl(Properties info) {
        return info.getProperty(CONTROL) != null;
    }

    /** Whether the calling thread is in the midst of {@link #open}. Walks the stack. */
    public static boolean isOpeningControl() {
        String here = Origin.class.getName();
        return WALKER.walk(frames -> frames.anyMatch(frame ->
                frame.getClassName().equals(here) && frame.getMethodName().equals("open")));
    }

    private static Map<String, String> textsOf(Properties info) {
        Map<String, String> texts = new TreeMap<>();
        for (String name : info.stringPropertyNames()) {
            String value = info.getProperty(name);
            if (value != null) {
                texts.put(name, value);
            }
        }
        return texts;
    }

    /** A newer connection was made with these settings. */
    void renew(Properties info) {
        if (!info.isEmpty()) {
            settings = textsOf(info);
        }
    }

    boolean isOf(Class<?> driverConnectionClass) {
        return connectionClass.refersTo(driverConnectionClass);
    }

    public Address address() {
        return address;
    }

    /** Whether the pids of these connections are a pooler's, as far as was found out; false before. */
    public boolean isBehindPooler() {
        return behindPooler;
    }

    /** Whether that is Pgpool-II, through which nothing may be ended; also for when no server can be asked. */
    public boolean isBehindPgpool() {
        return behindPgpool;
    }

    /** Found out anew each time that a control connection is opened. Patrol or JMX thread. */
    public void behind(boolean pooler, boolean pgpool) {
        behindPooler = pooler;
        behindPgpool = pgpool;
    }

    /** Whether there are settings to log in with; not while all connections were open before the agent came. */
    public boolean knowsLogin() {
        return !settings.isEmpty();
    }

    /**
     * Opens a control connection to this server: through the application's own driver, with its newest settings. Blocks
     * for the timeouts among the overrides; called by our own threads and JMX's only.
     *
     * @param url another way to the server; null for its address as the driver knows it
     * @param overrides driver settings that win over the application's
     */
    public Connection open(@Nullable String url, Map<String, String> overrides) throws SQLException {
        Class<?> driver = connectionClass.get();
        if (driver == null) {
            throw new SQLException("the driver of " + address + " was unloaded");
        }
        Properties info = new Properties();
        settings.forEach((name, value) -> {
            if (!NOT_FOR_CONTROL.contains(name)) {
                info.setProperty(name, value);
            }
        });
        info.putIfAbsent("user", address.role());
        overrides.forEach(info::setProperty);
        info.setProperty(CONTROL, "true");
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        // Socket and SSL factories are looked up by name.
        thread.setContextClassLoader(driver.getClassLoader());
        try {
            if (PgDriver.of(driver).wantsRehearsalOfClosing()) {
                connect(driver, url, info).close();
            }
            return connect(driver, url, info);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private Connection connect(Class<?> driver, @Nullable String url, Properties info) throws SQLException {
        Connection connection = PgDriver.newDriver(driver).connect(url == null ? url() : url, info);
        if (connection == null) {
            throw new SQLException("the driver of " + address + " does not take the URL of control.url");
        }
        return connection;
    }

    /** The pid that the driver was told for a control connection; touches no network. */
    public int reportedPid(Connection control) {
        return PgDriver.of(control.getClass()).backendPid(control);
    }

    /** The port of its socket on this machine, 0 where that cannot be told; touches no network. */
    public int localPort(Connection control) {
        return PgDriver.of(control.getClass()).localPort(control);
    }

    private String url() {
        return "jdbc:postgresql://" + address.server() + "/"
                + URLEncoder.encode(address.database(), StandardCharsets.UTF_8).replace("+", "%20");
    }
}
