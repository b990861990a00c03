// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.pools;

import java.io.Serializable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * A thread of the service that borrows a connection, and keeps it in the method that borrowed, parked there until it is
 * told what to do with it.
 */
final class Customer extends Thread {
    private final OpenPool pool;
    private final BlockingQueue<Runnable> orders = new LinkedBlockingQueue<>();
    private final CompletableFuture<Connection> lent = new CompletableFuture<>();
    private boolean stays = true;

    /** What is done with a connection. */
    interface Use<R extends @Nullable Object> extends Serializable {
        R with(Connection connection) throws Exception;
    }

    private Customer(String name, OpenPool pool) {
        super(name);
        setDaemon(true);
        this.pool = pool;
    }

    /** One that has borrowed. */
    static Customer borrow(String name, OpenPool pool) {
        Customer customer = new Customer(name, pool);
        customer.start();
        Connection unused = customer.lent.join();
        return customer;
    }

    /** Borrows, runs a statement, forgets the connection, and ends. Returns the backend's pid. */
    static String forget(String name, OpenPool pool) throws Exception {
        Customer customer = borrow(name, pool);
        String pid = customer.ask(Customer::pid);
        customer.end();
        return pid;
    }

    @Override
    public void run() {
        shop();
    }

    private void shop() {
        try {
            lent.complete(pool.lender().borrow());
        } catch (Exception failed) {
            lent.completeExceptionally(failed);
            return;
        }
        while (stays) {
            try {
                orders.take().run();
            } catch (InterruptedException over) {
                stays = false;
            }
        }
    }

    /** What it borrowed. */
    Connection connection() {
        return lent.join();
    }

    /** Has its own thread use the connection. */
    <R extends @Nullable Object> R ask(Use<R> use) {
        CompletableFuture<R> answer = new CompletableFuture<>();
        orders.add(() -> {
            try {
                answer.complete(use.with(connection()));
            } catch (Throwable thrown) {
                answer.completeExceptionally(thrown);
            }
        });
        return answer.join();
    }

    /** The class of the exception that its own thread gets from this; {@code nothing} if it gets none. */
    String failureOf(Use<?> use) {
        return ask(connection -> failure(connection, use));
    }

    /** The same on the calling thread. */
    static String failure(Connection connection, Use<?> use) {
        try {
            use.with(connection);
            return "nothing";
        } catch (SQLException expected) {
            return "SQLException";
        } catch (Exception unexpected) {
            return unexpected.toString();
        }
    }

    /** Gives the connection back, if that was not done, and ends the thread. */
    void leave() throws SQLException, InterruptedException {
        if (isAlive()) {
            Connection unused = ask(connection -> {
                connection.close();
                return connection;
            });
            end();
        } else {
            connection().close();
        }
    }

    /** Ends the thread and does nothing to the connection. */
    void end() throws InterruptedException {
        orders.add(() -> stays = false);
        join();
    }

    static String pid(Connection connection) throws SQLException {
        return query(connection, "select pg_backend_pid()");
    }

    static String query(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return Objects.requireNonNull(rows.getString(1));
        }
    }

    static boolean execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.execute(sql);
        }
    }
}
