// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.sample;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A query that is slow, not leaked: active for ten minutes, without costing the machine anything. */
final class SalesStatistics {
    private static final Logger LOG = LoggerFactory.getLogger(SalesStatistics.class);

    private final DataSource pool;

    SalesStatistics(DataSource pool) {
        this.pool = pool;
    }

    void sinceEver() throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            LOG.info("runs a query that takes ten minutes");
            try (ResultSet result =
                    statement.executeQuery("select count(*), pg_sleep(600) from pgleash_sample.orders")) {
                result.next();
                LOG.info("{} orders since ever", result.getLong(1));
            }
        }
    }
}
