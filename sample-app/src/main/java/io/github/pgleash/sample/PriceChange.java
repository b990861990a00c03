// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.sample;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The victim: an honest update of a row that somebody else keeps locked. */
final class PriceChange {
    private static final Logger LOG = LoggerFactory.getLogger(PriceChange.class);

    private final DataSource pool;

    PriceChange(DataSource pool) {
        this.pool = pool;
    }

    void raise(int article) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement update = connection.prepareStatement(
                        "update pgleash_sample.stock set price = price + 1 where article = ?")) {
            update.setInt(1, article);
            LOG.info("raises the price of article {}, and waits if its row is locked", article);
            update.executeUpdate();
            LOG.info("raised the price of article {}", article);
        }
    }
}
