// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.sample;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The service: one pool, the honest work on it, and the ways in which it can misbehave. */
final class OrderService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OrderService.class);
    private static final Duration CONNECTION_WAIT = Duration.ofSeconds(5);
    private static final Duration LOCK_WAIT = Duration.ofSeconds(10);

    private final HikariDataSource pool;
    private final OrderDesk orderDesk;
    private final Jobs jobs = new Jobs();
    private final ReportJob reportJob;
    private final CheckoutFlow checkoutFlow;
    private final SalesStatistics salesStatistics;
    private final PriceChange priceChange;

    private OrderService(HikariDataSource pool) {
        this.pool = pool;
        this.orderDesk = new OrderDesk(pool);
        this.reportJob = new ReportJob(pool);
        this.checkoutFlow = new CheckoutFlow(pool);
        this.salesStatistics = new SalesStatistics(pool);
        this.priceChange = new PriceChange(pool);
    }

    /** Connects, makes the tables and begins to take orders. */
    static OrderService open(Server server, int poolSize) throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setPoolName("orders");
        config.setJdbcUrl(server.url());
        config.setUsername(server.user());
        config.setPassword(server.password());
        config.setMaximumPoolSize(poolSize);
        config.setConnectionTimeout(CONNECTION_WAIT.toMillis());
        OrderService service = new OrderService(connect(config, server));
        try {
            Schema.create(service.pool);
        } catch (SQLException failure) {
            service.close();
            throw failure;
        }
        service.orderDesk.open();
        return service;
    }

    boolean awaitFirstOrders(Duration deadline) throws InterruptedException {
        return orderDesk.awaitFirstOrders(deadline);
    }

    void leak() {
        jobs.start("report", reportJob::monthly);
    }

    /** Returns when the row lock is held, so that a {@link #block()} right after it finds it. */
    void idle() throws InterruptedException {
        CountDownLatch reserved = new CountDownLatch(1);
        jobs.start("checkout", () -> checkoutFlow.checkout(reserved));
        if (!reserved.await(LOCK_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("the checkout has not got its row within {} s", LOCK_WAIT.toSeconds());
        }
    }

    void query() {
        jobs.start("statistics", salesStatistics::sinceEver);
    }

    void block() {
        OptionalInt article = checkoutFlow.lastArticle();
        if (article.isEmpty()) {
            LOG.warn("nobody holds a row lock yet to wait for: say 'idle' first");
            return;
        }
        jobs.start("price-change", () -> priceChange.raise(article.getAsInt()));
    }

    PoolStatus status() {
        HikariPoolMXBean counters = pool.getHikariPoolMXBean();
        return new PoolStatus(
                orderDesk.orders(),
                counters.getTotalConnections(),
                counters.getActiveConnections(),
                counters.getThreadsAwaitingConnection());
    }

    @Override
    public void close() {
        orderDesk.close();
        jobs.close();
        pool.close();
        LOG.info("stopped after {} orders", orderDesk.orders());
    }

    private static HikariDataSource connect(HikariConfig config, Server server) throws SQLException {
        try {
            return new HikariDataSource(config);
        } catch (PoolInitializationException failure) {
            throw new SQLException(
                    "cannot connect to " + server + " (" + failure.getMessage()
                            + "); check that it runs, and --url, --user and PGPASSWORD",
                    failure);
        }
    }
}
