// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.connect;

import java.sql.Connection;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The one static door from woven code into the agent. Nothing that goes wrong behind it reaches the application: the
 * first troubles are told in one line each, and after a few the door closes and the agent is off.
 *
 * <p>Where the woven class's loader sees this class, it is called directly. Where it does not (JBoss Modules, OSGi),
 * woven code finds {@link Far} through the system class loader and talks through JDK types only.
 */
public final class Door {
    private static final int PATIENCE = 10;
    private static final AtomicInteger TROUBLES = new AtomicInteger();

    private static volatile ConnectionEvents events = ConnectionEvents.NONE;

    private Door() {}

    /** Lets events through to {@code next} from now on. Whatever was behind the door before gets no more. */
    public static void open(ConnectionEvents next) {
        events = next;
    }

    /** Whether somebody is behind the door, or was until it gave up: the agent is started once per JVM. */
    public static boolean isTaken() {
        return events != ConnectionEvents.NONE || TROUBLES.get() > 0;
    }

    public static void opening(Object connection, Properties info) {
        try {
            events.opening((Connection) connection, PgDriver.of(connection.getClass()), info);
        } catch (Throwable trouble) {
            tell("opening", trouble);
        }
    }

    public static void opened(Object connection, Properties info) {
        try {
            events.opened((Connection) connection, PgDriver.of(connection.getClass()), info);
        } catch (Throwable trouble) {
            tell("opened", trouble);
        }
    }

    public static void closing(Object connection) {
        try {
            events.closing((Connection) connection);
        } catch (Throwable trouble) {
            tell("closing", trouble);
        }
    }

    public static void closed(Object connection) {
        try {
            events.closed((Connection) connection);
        } catch (Throwable trouble) {
            tell("closed", trouble);
        }
    }

    public static void used(Object connection) {
        try {
            events.used((Connection) connection);
        } catch (Throwable trouble) {
            tell("used", trouble);
        }
    }

    public static void enlisted(Object connection) {
        try {
            events.enlisted((Connection) connection);
        } catch (Throwable trouble) {
            tell("enlisted", trouble);
        }
    }

    public static long borrowing() {
        try {
            return events.borrowing();
        } catch (Throwable trouble) {
            tell("borrowing", trouble);
            return Long.MAX_VALUE;
        }
    }

    /** @param handle null when there was nothing to lend, or the driver did not take the URL */
    public static void borrowed(Object lender, @Nullable Object handle, long ticket) {
        try {
            if (handle instanceof Connection connection) {
                events.borrowed(lender, connection, ticket);
            }
        } catch (Throwable trouble) {
            tell("borrowed", trouble);
        }
    }

    public static void borrowFailed(Object lender, Object failure, long ticket) {
        try {
            events.borrowFailed(lender, (Throwable) failure, ticket);
        } catch (Throwable trouble) {
            tell("borrowFailed", trouble);
        }
    }

    public static void failed(Object source, Object failure) {
        try {
            events.failed(source, (Throwable) failure);
        } catch (Throwable trouble) {
            tell("failed", trouble);
        }
    }

    /** Whether the handle's own {@code close()} may run. */
    public static boolean returning(Object handle) {
        try {
            return events.returning(handle);
        } catch (Throwable trouble) {
            tell("returning", trouble);
            return true;
        }
    }

    private static void tell(String event, Throwable trouble) {
        try {
            int count = TROUBLES.incrementAndGet();
            if (count <= PATIENCE) {
                System.err.println("pgleash: trouble of its own at \"" + event + "\", the application is not affected: "
                        + trouble);
            }
            if (count == PATIENCE) {
                events = ConnectionEvents.NONE;
                System.err.println("pgleash: that was once too often, it is off from now on");
            }
        } catch (Throwable evenThat) {
            events = ConnectionEvents.NONE;
        }
    }

    /** Name of an event and its arguments in; the answer, if the event has one, out. */
    public static final class Far implements BiFunction<String, Object[], Object> {
        public static final BiFunction<String, Object[], Object> DOOR = new Far();

        private Far() {}

        @Override
        public Object apply(String event, Object[] arguments) {
            switch (event) {
                case "borrowing" -> {
                    return borrowing();
                }
                case "returning" -> {
                    return returning(arguments[0]);
                }
                case "borrowed" -> borrowed(arguments[0], arguments[1], (Long) arguments[2]);
                case "borrowFailed" -> borrowFailed(arguments[0], arguments[1], (Long) arguments[2]);
                case "failed" -> failed(arguments[0], arguments[1]);
                case "opening" -> opening(arguments[0], (Properties) arguments[1]);
                case "opened" -> opened(arguments[0], (Properties) arguments[1]);
                case "closing" -> closing(arguments[0]);
                case "closed" -> closed(arguments[0]);
                case "enlisted" -> enlisted(arguments[0]);
                case "used" -> used(arguments[0]);
                default -> {}
            }
            return true;
        }
    }
}
