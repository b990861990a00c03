// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.benchmarks.programs;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import org.apache.tomcat.jdbc.pool.PoolProperties;

/** Has a pool and nothing to do: whatever its server is asked, nobody of the application has. */
public final class QuietService {
    private static final int SIZE = 10;

    private QuietService() {}

    public static void main(String[] args) throws Exception {
        Conversation harness = new Conversation();
        if (args[1].equals("tomcat")) {
            tomcat(args[0], harness);
        } else {
            hikari(args[0], harness);
        }
    }

    private static void hikari(String url, Conversation harness) throws Exception {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(SIZE);
        config.setKeepaliveTime(0);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            List<Connection> once = new ArrayList<>();
            for (int i = 0; i < SIZE; i++) {
                once.add(pool.getConnection());
            }
            for (Connection connection : once) {
                connection.close();
            }
            harness.sayReady();
            harness.awaitLine();
        }
    }

    /** As its documentation has it: idle connections are validated by a statement, every five seconds. */
    private static void tomcat(String url, Conversation harness) throws Exception {
        PoolProperties properties = new PoolProperties();
        properties.setUrl(url);
        properties.setDriverClassName("org.postgresql.Driver");
        properties.setInitialSize(SIZE);
        properties.setMinIdle(SIZE);
        properties.setMaxIdle(SIZE);
        properties.setTestWhileIdle(true);
        properties.setValidationQuery("select 1");
        properties.setValidationInterval(1_000);
        properties.setTimeBetweenEvictionRunsMillis(5_000);
        var pool = new org.apache.tomcat.jdbc.pool.DataSource(properties);
        pool.createPool();
        harness.sayReady();
        harness.awaitLine();
        pool.close();
    }
}
