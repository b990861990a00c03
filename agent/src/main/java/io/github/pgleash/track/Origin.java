// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import io.github.pgleash.connect.PgDriver;
import java.lang.ref.WeakReference;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
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

    private static final AtomicLong EDITIONS = new AtomicLong();

    private final WeakReference<Class<?>> connectionClass;
    private final Address address;
    private volatile Credentials newest;
    private volatile boolean behindPooler;
    private volatile boolean behindPgpool;

    /**
     * What worked last.
     *
     * @param edition counts up, over all origins
     * @param settings the password among them
     * @param context the connecting thread's loader, by which newer drivers find classes that the settings name
     */
    private record Credentials(
            long edition, Map<String, String> settings, WeakReference<@Nullable ClassLoader> context) {
        static Credentials of(Properties info) {
            return new Credentials(
                    EDITIONS.incrementAndGet(),
                    textsOf(info),
                    new WeakReference<>(Thread.currentThread().getContextClassLoader()));
        }
    }

    /**
     * Which server, as which role, in which database.
     *
     * @param endpoint as the driver chose it, {@code host:port}
     * @param via where a socket factory leads in its place, whatever host and port say; null without one
     */
    public record Address(String endpoint, @Nullable String via, String role, String database) {
        Address(String endpoint, String role, String database) {
            this(endpoint, null, role, database);
        }

        static Address of(PgDriver driver, Connection connection, Properties info) {
            return new Address(
                    driver.server(connection), viaIn(info), driver.role(connection), driver.database(connection));
        }

        /** Two databases of one cloud are both {@code localhost:5432}, and so are two Unix-domain sockets. */
        private static @Nullable String viaIn(Properties info) {
            if (info.getProperty("socketFactory") == null) {
                return null;
            }
            String instance = info.getProperty("cloudSqlInstance");
            String argument = info.getProperty("socketFactoryArg");
            if (instance != null || argument == null) {
                return instance;
            }
            // What is no path may be anything, also secret.
            return argument.startsWith("/") ? argument : Integer.toHexString(argument.hashCode());
        }

        /** For people and ids: {@code host:port}, and in brackets what only the socket factory knows. */
        public String server() {
            return via == null ? endpoint : endpoint + "(" + via + ")";
        }

        /** By hand, like {@link #equals}: a record's own are spun at their first use, here while a connection is opened. */
        @Override
        public int hashCode() {
            return ((endpoint.hashCode() * 31 + Objects.hashCode(via)) * 31 + role.hashCode()) * 31
                    + database.hashCode();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Address that
                    && endpoint.equals(that.endpoint)
                    && Objects.equals(via, that.via)
                    && role.equals(that.role)
                    && database.equals(that.database);
        }

        @Override
        public String toString() {
            return role + "@" + server() + "/" + database;
        }
    }

    Origin(Class<?> connectionClass, Address address, Properties info) {
        this.connectionClass = new WeakReference<>(connectionClass);
        this.address = address;
        this.newest = Credentials.of(info);
    }

    /** Whether these settings are of a control connection of ours, which is neither tagged nor tracked. */
    public static boolean isControl(Properties info) {
        return info.getProperty(CONTROL) != null;
    }

    /** The pid that the server, or a pooler in its place, told the driver when a control connection was opened. */
    public static int pid(Connection control) {
        return PgDriver.of(control.getClass()).backendPid(control);
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
            newest = Credentials.of(info);
        }
    }

    boolean isOf(Class<?> driverConnectionClass) {
        return connectionClass.refersTo(driverConnectionClass);
    }

    /** Credentials are the role's: what works for one of its databases now, does for the others. */
    void share(Origin other) {
        if (other.newest.edition() > newest.edition() && other.knowsLogin() && sharesLoginWith(other)) {
            newest = other.newest;
        }
    }

    private boolean sharesLoginWith(Origin other) {
        return address.server().equals(other.address.server())
                && address.role().equals(other.address.role())
                && connectionClass.get() == other.connectionClass.get();
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
        return !newest.settings().isEmpty();
    }

    /** Which settings {@link #open} would use: another number for each newer connection of the application. */
    public long edition() {
        return newest.edition();
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
        Credentials credentials = newest;
        credentials.settings().forEach((name, value) -> {
            if (!NOT_FOR_CONTROL.contains(name)) {
                info.setProperty(name, value);
            }
        });
        info.computeIfPresent("options", (name, options) -> withoutRole((String) options));
        info.putIfAbsent("user", address.role());
        overrides.forEach(info::setProperty);
        info.setProperty(CONTROL, "true");
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        // Socket and SSL factories are looked up by name.
        ClassLoader context = credentials.context().get();
        thread.setContextClassLoader(context == null ? driver.getClassLoader() : context);
        try {
            if (PgDriver.of(driver).wantsRehearsalOfClosing()) {
                connect(driver, url, info).close();
            }
            return connect(driver, url, info);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /**
     * Without {@code -c role=reader}: the login of a control role that is no member of that one would fail. A blank in a
     * value is written with a backslash before it.
     */
    private static @Nullable String withoutRole(String options) {
        String others = options.replaceAll("(?<!\\S)(-c\\s*|--)role\\s*=(\\\\.|\\S)*", "")
                .strip();
        return others.isEmpty() ? null : others;
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
        return "jdbc:postgresql://" + address.endpoint() + "/"
                + URLEncoder.encode(address.database(), StandardCharsets.UTF_8).replace("+", "%20");
    }
}
