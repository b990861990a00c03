// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.sample;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The honest work: a few clerks take orders, each in a small transaction that reserves stock. */
final class OrderDesk implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OrderDesk.class);
    private static final int CLERKS = 3;
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final int FIRST_ORDERS = 5;

    private final DataSource pool;
    private final ScheduledExecutorService clerks;
    private final AtomicLong orders = new AtomicLong();
    private final CountDownLatch firstOrders = new CountDownLatch(FIRST_ORDERS);

    OrderDesk(DataSource pool) {
        this.pool = pool;
        AtomicInteger number = new AtomicInteger();
        this.clerks =
                Executors.newScheduledThreadPool(CLERKS, task -> new Thread(task, "clerk-" + number.incrementAndGet()));
    }

    void open() {
        for (int clerk = 0; clerk < CLERKS; clerk++) {
            // Begun at different times, so that the clerks do not all come at once.
            long delay = clerk * PAUSE.toMillis() / CLERKS;
            var unused = clerks.scheduleWithFixedDelay(
                    guarded(this::takeOrder), delay, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        }
        var unused = clerks.scheduleWithFixedDelay(guarded(this::forgetOldOrders), 1, 10, TimeUnit.MINUTES);
    }

    long orders() {
        return orders.get();
    }

    /** Whether the service has seen honest work within {@code deadline}. */
    boolean awaitFirstOrders(Duration deadline) throws InterruptedException {
        return firstOrders.await(deadline.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        clerks.shutdown();
        try {
            if (!clerks.awaitTermination(2, TimeUnit.SECONDS)) {
                LOG.info("not waiting for orders that are still being taken");
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        clerks.shutdownNow();
    }

    private void takeOrder() throws SQLException {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            int article = reserve(connection);
            try (PreparedStatement insert =
                    connection.prepareStatement("insert into pgleash_sample.orders (article) values (?)")) {
                insert.setInt(1, article);
                insert.executeUpdate();
            }
            connection.commit();
        }
        orders.incrementAndGet();
        firstOrders.countDown();
    }

    /** Takes one piece of any article that nobody else is about to take. */
    private static int reserve(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet reserved = statement.executeQuery("""
                        update pgleash_sample.stock set quantity = quantity - 1
                        where article = (
                            select article from pgleash_sample.stock where quantity > 0
                            order by random() limit 1 for update skip locked)
                        returning article""")) {
            if (!reserved.next()) {
                throw new SQLException("every article is sold out or locked by others");
            }
            return reserved.getInt(1);
        }
    }

    private void forgetOldOrders() throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("delete from pgleash_sample.orders where placed_at < now() - interval '1 hour'");
        }
    }

    /** An executor silently drops a periodic task that throws. */
    private Runnable guarded(Job job) {
        return () -> {
            try {
                job.run();
            } catch (SQLException | RuntimeException | InterruptedException failure) {
                if (!clerks.isShutdown()) {
                    LOG.warn("no order this time: {}", failure.getMessage());
                }
            }
        };
    }
}
