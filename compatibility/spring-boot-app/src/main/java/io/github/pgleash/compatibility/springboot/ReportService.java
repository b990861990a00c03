// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.springboot;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.springframework.stereotype.Service;

/** Asks the pool itself, and forgets to give back what it got. */
@Service
class ReportService {
    private final DataSource pool;

    ReportService(DataSource pool) {
        this.pool = pool;
    }

    String export() throws SQLException {
        Connection forgotten = pool.getConnection();
        try (Statement statement = forgotten.createStatement()) {
            statement.execute("select 1");
        }
        return "exported";
    }
}
