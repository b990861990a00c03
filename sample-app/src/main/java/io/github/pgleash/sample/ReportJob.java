// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.sample;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The classic leak: a report that borrows a connection and forgets to give it back. */
final class ReportJob {
    private static final Logger LOG = LoggerFactory.getLogger(ReportJob.class);

    private final DataSource pool;

    ReportJob(DataSource pool) {
        this.pool = pool;
    }

    /** Leaves no reference to its connection behind, and its thread ends: only the pool still counts it. */
    void monthly() throws SQLException {
        Connection connection = pool.getConnection();
        try (Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("select count(*) from pgleash_sample.orders")) {
            count.next();
            LOG.info("{} orders this month; ends without closing its connection", count.getLong(1));
        }
    }
}
