// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.sample;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for somebody else in the middle of a transaction: idle in transaction, holding a row lock. */
final class CheckoutFlow {
    private static final Logger LOG = LoggerFactory.getLogger(CheckoutFlow.class);

    /** What the first checkout reserves. */
    static final int FIRST_ARTICLE = 1;

    private final DataSource pool;
    private final AtomicInteger checkouts = new AtomicInteger();
    private final AtomicInteger lastArticle = new AtomicInteger();

    CheckoutFlow(DataSource pool) {
        this.pool = pool;
    }

    /** The n-th checkout reserves article n, so that two do not wait for each other. */
    void checkout(CountDownLatch reserved) throws SQLException, InterruptedException {
        int article = checkouts.getAndIncrement() % Schema.ARTICLES + FIRST_ARTICLE;
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            reserve(connection, article);
            LOG.info("reserved article {} and waits for a payment that never comes, in its transaction", article);
            lastArticle.set(article);
            reserved.countDown();
            awaitPayment();
            connection.commit();
        }
    }

    /** The article whose row the last checkout has locked; empty before the first one. */
    OptionalInt lastArticle() {
        int article = lastArticle.get();
        return article == 0 ? OptionalInt.empty() : OptionalInt.of(article);
    }

    private static void reserve(Connection connection, int article) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "update pgleash_sample.stock set quantity = quantity - 1 where article = ?")) {
            update.setInt(1, article);
            update.executeUpdate();
        }
    }

    private static void awaitPayment() throws InterruptedException {
        new CountDownLatch(1).await();
    }
}
