// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.connect;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.Socket;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What pgleash asks of one loaded copy of pgjdbc, 42.2.5 or newer, found by name: there may be several in several class
 * loaders. All questions but {@link #cancel} are answered from memory and touch no network. Belongs to the driver's
 * class and is collected with it.
 */
public final class PgDriver {
    private static final String PG_CONNECTION = "org.postgresql.jdbc.PgConnection";
    private static final String[] CLOSABLES = {"org.postgresql.jdbc.PgStatement", "org.postgresql.jdbc.PgResultSet"};

    private static final ClassValue<PgDriver> COPIES = new ClassValue<>() {
        @Override
        protected PgDriver computeValue(Class<?> connectionClass) {
            return new PgDriver(connectionClass);
        }
    };

    private final AtomicBoolean closingRehearsed = new AtomicBoolean();
    private final Class<?> connectionClass;
    private final String version;
    private final Method queryExecutor;
    private final Method backendPid;
    private final Method hostSpec;
    private final Method host;
    private final Method port;
    private final Method user;
    private final Method database;
    private final Method applicationName;
    private final Method transactionState;
    private final Method sendQueryCancel;
    private final Method abort;
    private final ExecutorLock lock;
    private final @Nullable Field transaction;
    private volatile @Nullable List<Class<?>> closables;

    private PgDriver(Class<?> type) {
        try {
            connectionClass = pgConnection(type);
            version = version(connectionClass);
            // Of interfaces with few methods: to look for one loads what all of them take and return.
            queryExecutor = sibling(connectionClass, "org.postgresql.core.BaseConnection")
                    .getDeclaredMethod("getQueryExecutor");
            Class<?> executor = queryExecutor.getReturnType();
            backendPid = executor.getDeclaredMethod("getBackendPID");
            Class<?> base = sibling(connectionClass, "org.postgresql.core.QueryExecutorBase");
            lock = new ExecutorLock(base);
            transaction = transaction(base);
            sendQueryCancel = executor.getDeclaredMethod("sendQueryCancel");
            hostSpec = executor.getDeclaredMethod("getHostSpec");
            user = executor.getDeclaredMethod("getUser");
            database = executor.getDeclaredMethod("getDatabase");
            transactionState = executor.getDeclaredMethod("getTransactionState");
            abort = executor.getDeclaredMethod("abort");
            applicationName = executor.getDeclaredMethod("getApplicationName");
            host = hostSpec.getReturnType().getMethod("getHost");
            port = hostSpec.getReturnType().getMethod("getPort");
        } catch (ReflectiveOperationException notOurDriver) {
            throw new IllegalStateException(
                    "this PostgreSQL driver lacks what pgleash needs (pgjdbc 42.2.5 or newer): " + notOurDriver,
                    notOurDriver);
        }
    }

    /** @param type {@code PgConnection} or a subclass of it */
    public static PgDriver of(Class<?> type) {
        return COPIES.get(type);
    }

    /** Whether it is the class of a driver's connection, of any version, or a subclass of one. */
    public static boolean isConnection(Class<?> type) {
        return pgConnectionOf(type) != null;
    }

    private static @Nullable Class<?> pgConnectionOf(Class<?> type) {
        for (Class<?> c = type; c != null; c = c.getSuperclass()) {
            if (c.getName().equals(PG_CONNECTION)) {
                return c;
            }
        }
        return null;
    }

    private static Class<?> pgConnection(Class<?> type) throws ClassNotFoundException {
        Class<?> found = pgConnectionOf(type);
        if (found == null) {
            throw new ClassNotFoundException(PG_CONNECTION + " among the superclasses of " + type.getName());
        }
        return found;
    }

    private static String version(Class<?> connectionClass) {
        try {
            return String.valueOf(sibling(connectionClass, "org.postgresql.util.DriverInfo")
                    .getField("DRIVER_VERSION")
                    .get(null));
        } catch (ReflectiveOperationException | LinkageError unknown) {
            return "unknown";
        }
    }

    private static @Nullable Field transaction(Class<?> base) {
        try {
            Field field = base.getDeclaredField("transactionState");
            return field.trySetAccessible() ? field : null;
        } catch (NoSuchFieldException otherVersion) {
            return null;
        }
    }

    private static Class<?> sibling(Class<?> connectionClass, String name) throws ClassNotFoundException {
        return Class.forName(name, true, connectionClass.getClassLoader());
    }

    /** {@code 42.7.14}; {@code unknown} where the driver does not say. */
    public String version() {
        return version;
    }

    /** The class {@code PgConnection} of this copy. */
    public Class<?> connectionClass() {
        return connectionClass;
    }

    /** What is closed along with a connection, and says so itself when it is used later. */
    public List<Class<?>> closables() {
        List<Class<?>> known = closables;
        if (known == null) {
            known = findClosables();
            closables = known;
        }
        return known;
    }

    private List<Class<?>> findClosables() {
        List<Class<?>> found = new ArrayList<>();
        for (String name : CLOSABLES) {
            try {
                found.add(sibling(connectionClass, name));
            } catch (ClassNotFoundException | LinkageError otherVersion) {
                // then its owner is not told through it
            }
        }
        return List.copyOf(found);
    }

    /** A new instance of this copy's {@code org.postgresql.Driver}; not registered with DriverManager. */
    public static Driver newDriver(Class<?> connectionClass) throws SQLException {
        try {
            return (Driver) sibling(connectionClass, "org.postgresql.Driver")
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | LinkageError trouble) {
            throw new SQLException(
                    "the application's driver cannot be used for a control connection: " + trouble, trouble);
        }
    }

    /**
     * True once, for a copy whose class loader may be stopped while a connection of ours is open: who opens one shall
     * open and close another before. Closing links classes at its first time, which a stopped loader refuses; Tomcat's
     * logs that, too, and the session would stay until it is collected.
     */
    public boolean wantsRehearsalOfClosing() {
        return connectionClass.getClassLoader() != ClassLoader.getSystemClassLoader()
                && closingRehearsed.compareAndSet(false, true);
    }

    /**
     * Whether {@code assumeMinServerVersion=9.0} makes this version send the application name in the start-up packet.
     * 42.7.5 then sends it not at all (pgjdbc issue 3508).
     */
    public boolean sendsApplicationNameAtStartup() {
        return !version.equals("42.7.5");
    }

    /** Process id as the server, or a pooler in its place, reported it at connect; may be 0 or negative then. */
    public int backendPid(Connection connection) {
        return (Integer) call(backendPid, call(queryExecutor, connection));
    }

    /** Our port of its socket; 0 where it cannot be told. The one thing that is not public, so it may be missing. */
    public int localPort(Connection connection) {
        try {
            Object executor = call(queryExecutor, connection);
            Field stream = sibling(connectionClass, "org.postgresql.core.QueryExecutorBase")
                    .getDeclaredField("pgStream");
            stream.setAccessible(true);
            Object open = stream.get(executor);
            return ((Socket) open.getClass().getMethod("getSocket").invoke(open)).getLocalPort();
        } catch (ReflectiveOperationException | RuntimeException | LinkageError otherVersion) {
            return 0;
        }
    }

    /** The server that was really chosen, {@code host:port}; an IPv6 address in brackets. */
    public String server(Connection connection) {
        Object spec = call(hostSpec, call(queryExecutor, connection));
        String name = (String) call(host, spec);
        boolean bare = name.indexOf(':') >= 0 && !name.startsWith("[");
        return (bare ? "[" + name + "]" : name) + ":" + call(port, spec);
    }

    /** The object behind a connection that speaks to the server, and throws what the server says. */
    public Object executor(Connection connection) {
        return call(queryExecutor, connection);
    }

    public String role(Connection connection) {
        return String.valueOf(call(user, call(queryExecutor, connection)));
    }

    public String database(Connection connection) {
        return String.valueOf(call(database, call(queryExecutor, connection)));
    }

    /** {@code application_name} as the server last reported it. */
    public @Nullable String applicationName(Connection connection) {
        return (String) callNullable(applicationName, call(queryExecutor, connection));
    }

    /**
     * Whether a transaction is open, also an aborted one. Read from the field: in older drivers, 42.7.5 among
     * them, the getter takes the lock that whoever runs a statement holds until the answer is there.
     */
    public boolean isInTransaction(Connection connection) {
        Object executor = call(queryExecutor, connection);
        try {
            Object state = transaction == null ? call(transactionState, executor) : transaction.get(executor);
            return !String.valueOf(state).equals("IDLE");
        } catch (IllegalAccessException madeReadableBefore) {
            throw new IllegalStateException(madeReadableBefore);
        }
    }

    /**
     * Whether no thread is talking to the server on it, now or some time within that duration; false where this driver
     * does not let it be known. Whoever waits for notifications is talking, too.
     */
    public boolean isQuiet(Connection connection, Duration within) {
        return lock.isFree(call(queryExecutor, connection), within);
    }

    /**
     * Sends a cancel request on a new socket: needs no free slot, no SQL and no privilege. Touches the network, and waits
     * for the server to hang up, at most 10 s unless the application has set another {@code cancelSignalTimeout}. The
     * driver does not say whether it arrived. Also works after an {@link #abort}.
     */
    public void cancel(Connection connection) {
        callNullable(sendQueryCancel, call(queryExecutor, connection));
    }

    /**
     * Closes the socket and tells the server nothing. Not by {@code Connection.abort}, which in drivers up to 42.7.9 asks
     * for a permission, and from Java 24 on is always refused it.
     */
    public void abort(Connection connection) {
        callNullable(abort, call(queryExecutor, connection));
    }

    private static Object call(Method method, Object target) {
        Object result = callNullable(method, target);
        if (result == null) {
            throw new IllegalStateException(method.getName() + " of the driver answered null");
        }
        return result;
    }

    private static @Nullable Object callNullable(Method method, Object target) {
        try {
            return method.invoke(target);
        } catch (IllegalAccessException notPublic) {
            throw new IllegalStateException(notPublic);
        } catch (InvocationTargetException failed) {
            throw new IllegalStateException(
                    method.getName() + " of the driver failed: " + failed.getCause(), failed.getCause());
        }
    }
}
