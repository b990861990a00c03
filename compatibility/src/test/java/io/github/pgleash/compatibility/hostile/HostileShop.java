// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.hostile;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** A service that calls its pool, its threads and its sessions whatever it is told, and runs whatever it is given. */
final class HostileShop implements AutoCloseable {
    private final HikariDataSource pool;
    private @Nullable Connection held;

    HostileShop(String name, String url, String role, String password) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(url);
        config.setUsername(role);
        config.setPassword(password);
        config.setMaximumPoolSize(2);
        pool = new HikariDataSource(config);
    }

    /** Returns what was borrowed before, and borrows on a thread of that name, which then ends. */
    void next(String thread, String applicationName, String statement) throws InterruptedException, SQLException {
        if (held != null) {
            held.close();
        }
        Thread borrower = new Thread(() -> borrow(applicationName, statement), thread);
        borrower.start();
        borrower.join();
    }

    private void borrow(String applicationName, String statement) {
        try {
            Connection connection = pool.getConnection();
            held = connection;
            connection.setClientInfo("ApplicationName", applicationName);
            try (Statement running = connection.createStatement()) {
                running.execute(statement);
            }
        } catch (SQLException refused) {
            // A wrong statement is in the list as well as a right one.
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
