// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.connect;

import java.sql.Connection;
import java.util.Properties;

/**
 * What woven code tells the agent. Called by the application's own threads, inside the driver: an implementation is
 * quick, takes no lock that it could wait for, and does no input or output of its own.
 */
public interface ConnectionEvents {
    /** Before the agent is ready, and after it gave up. */
    ConnectionEvents NONE = new ConnectionEvents() {};

    /**
     * A connection is about to be made.
     *
     * @param connection just begun: only its identity is of use yet
     * @param driver the driver copy that makes it
     * @param info the driver's private, merged settings for this connection; what is changed here is what it will use
     */
    default void opening(Connection connection, PgDriver driver, Properties info) {}

    /**
     * A connection has been made.
     *
     * @param info the settings it was made with, the same object that {@link #opening} got
     */
    default void opened(Connection connection, PgDriver driver, Properties info) {}

    /**
     * The application is about to close or abort a connection, perhaps one that another thread is using. The one event
     * that may take its time, while the JVM exits.
     */
    default void closing(Connection connection) {}

    /** The application closed or aborted a connection. May come more than once, and from the finalizer thread. */
    default void closed(Connection connection) {}

    /** A connection that may have been opened before the agent came is being used. Only woven on attach. */
    default void used(Connection connection) {}

    /** A connection takes part in distributed transactions from now on. */
    default void enlisted(Connection connection) {}

    /**
     * A call to a data source begins. Answers a ticket: every borrow of this thread after this moment has a higher number.
     */
    default long borrowing() {
        return 0;
    }

    /**
     * A call to a data source, or to the driver, has lent a connection.
     *
     * @param lender the data source or driver
     * @param handle what the application gets
     * @param ticket what {@link #borrowing} answered at the beginning of the call
     */
    default void borrowed(Object lender, Connection handle, long ticket) {}

    /** A call to a data source, or to the driver, has failed. */
    default void borrowFailed(Object lender, Throwable failure, long ticket) {}

    /**
     * A method of a driver's connection, of its executor, or of a handle throws.
     *
     * @param source the object whose method it is
     */
    default void failed(Object source, Throwable failure) {}

    /**
     * Somebody closes a handle.
     *
     * @return whether the handle's own code may run; false when the borrow has been reclaimed
     */
    default boolean returning(Object handle) {
        return true;
    }
}
