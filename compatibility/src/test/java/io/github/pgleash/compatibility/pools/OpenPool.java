// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.pools;

import java.sql.Connection;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A pool that lends connections, in the service's JVM. */
final class OpenPool implements AutoCloseable {
    private final @Nullable DataSource dataSource;
    private final Lender lender;
    private final Callable<Integer> active;
    private final Callable<Integer> idle;
    private final AutoCloseable end;
    private final Queue<Customer> customers = new ConcurrentLinkedQueue<>();

    /** What {@code getConnection()} is called on. */
    interface Lender {
        Connection borrow() throws Exception;
    }

    /**
     * A pool.
     *
     * @param active how many connections it has lent, by its own count
     * @param idle how many it could lend at once, by its own count
     */
    OpenPool(DataSource dataSource, Callable<Integer> active, Callable<Integer> idle, AutoCloseable end) {
        this(dataSource, dataSource::getConnection, active, idle, end);
    }

    private OpenPool(
            @Nullable DataSource dataSource,
            Lender lender,
            Callable<Integer> active,
            Callable<Integer> idle,
            AutoCloseable end) {
        this.dataSource = dataSource;
        this.lender = lender;
        this.active = active;
        this.idle = idle;
        this.end = end;
    }

    /** Something that opens a new connection at each call. */
    static OpenPool unpooled(Lender lender) {
        return new OpenPool(null, lender, () -> 0, () -> 0, () -> {});
    }

    /** The same pool behind another data source. */
    OpenPool behind(DataSource front) {
        return new OpenPool(front, active, idle, end);
    }

    /** Not called here, so that this class is not among the frames of a borrow. */
    Lender lender() {
        return lender;
    }

    DataSource dataSource() {
        return Objects.requireNonNull(dataSource);
    }

    /** A connection, or null when the pool had none to lend until its timeout. */
    @Nullable
    Connection tryBorrow() {
        try {
            return lender.borrow();
        } catch (Exception exhausted) {
            return null;
        }
    }

    int active() throws Exception {
        return active.call();
    }

    int idle() throws Exception {
        return idle.call();
    }

    /** A new thread that has borrowed from this pool. */
    Customer lendTo(String name) {
        Customer customer = Customer.borrow(name, this);
        customers.add(customer);
        return customer;
    }

    /** Closes what was lent to customers, too: not every pool does. */
    @Override
    public void close() {
        try {
            for (Customer customer : customers) {
                customer.leave();
            }
            end.close();
        } catch (Exception failed) {
            throw new IllegalStateException("the pool could not be closed", failed);
        }
    }
}
