// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.benchmarks.jmh;

import com.p6spy.engine.spy.P6DataSource;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import javax.sql.DataSource;
import net.ttddyy.dsproxy.support.ProxyDataSourceBuilder;
import org.apache.commons.dbcp2.BasicDataSource;
import org.apache.tomcat.jdbc.pool.PoolProperties;
import org.postgresql.ds.PGSimpleDataSource;

/** Who lends: a pool, with or without what it, or somebody around it, does to find leaks. */
public enum Lending {
    HIKARI {
        @Override
        DataSource over(DataSource driver) {
            return hikari(driver, 0);
        }
    },
    HIKARI_LEAK_DETECTION {
        @Override
        DataSource over(DataSource driver) {
            return hikari(driver, 60_000);
        }
    },
    TOMCAT {
        @Override
        DataSource over(DataSource driver) {
            return tomcat(driver, false);
        }
    },
    TOMCAT_ABANDONED {
        @Override
        DataSource over(DataSource driver) {
            return tomcat(driver, true);
        }
    },
    DBCP2 {
        @Override
        DataSource over(DataSource driver) {
            return dbcp2(driver, false);
        }
    },
    DBCP2_ABANDONED {
        @Override
        DataSource over(DataSource driver) {
            return dbcp2(driver, true);
        }
    },
    P6SPY {
        @Override
        DataSource over(DataSource driver) {
            return new P6DataSource(hikari(driver, 0));
        }
    },
    DATASOURCE_PROXY {
        @Override
        DataSource over(DataSource driver) {
            return ProxyDataSourceBuilder.create(hikari(driver, 0)).build();
        }
    };

    private static final int SIZE = 16;

    abstract DataSource over(DataSource driver);

    /** @param url empty for connections to nowhere */
    DataSource open(String url) {
        if (url.isEmpty()) {
            return over(new StubDataSource());
        }
        PGSimpleDataSource driver = new PGSimpleDataSource();
        driver.setUrl(url);
        return over(driver);
    }

    private static DataSource hikari(DataSource driver, long leakDetectionMillis) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(driver);
        config.setMaximumPoolSize(SIZE);
        config.setLeakDetectionThreshold(leakDetectionMillis);
        return new HikariDataSource(config);
    }

    private static DataSource tomcat(DataSource driver, boolean abandoned) {
        PoolProperties properties = new PoolProperties();
        properties.setDataSource(driver);
        properties.setMaxActive(SIZE);
        properties.setInitialSize(SIZE);
        properties.setRemoveAbandoned(abandoned);
        properties.setLogAbandoned(abandoned);
        properties.setRemoveAbandonedTimeout(60);
        return new org.apache.tomcat.jdbc.pool.DataSource(properties);
    }

    private static DataSource dbcp2(DataSource driver, boolean abandoned) {
        BasicDataSource pool = new BasicDataSource() {
            @Override
            protected org.apache.commons.dbcp2.ConnectionFactory createConnectionFactory() {
                return driver::getConnection;
            }
        };
        pool.setMaxTotal(SIZE);
        pool.setMaxIdle(SIZE);
        pool.setInitialSize(SIZE);
        pool.setTestOnBorrow(false);
        pool.setRemoveAbandonedOnBorrow(abandoned);
        pool.setRemoveAbandonedOnMaintenance(abandoned);
        pool.setLogAbandoned(abandoned);
        return pool;
    }
}
