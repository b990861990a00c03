// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.pools;

import com.example.homemade.TenantDataSource;
import javax.sql.DataSource;

/** A data source around a HikariCP. */
enum Front {
    DATASOURCE_PROXY("datasource-proxy") {
        @Override
        DataSource around(ClassLoader jars, DataSource pool) throws Exception {
            return Bean.create(jars, "net.ttddyy.dsproxy.support.ProxyDataSource", pool)
                    .as(DataSource.class);
        }
    },
    P6SPY("p6spy") {
        @Override
        DataSource around(ClassLoader jars, DataSource pool) throws Exception {
            return Bean.create(jars, "com.p6spy.engine.spy.P6DataSource", pool).as(DataSource.class);
        }
    },
    SPRING_LAZY("spring") {
        @Override
        DataSource around(ClassLoader jars, DataSource pool) throws Exception {
            return Bean.create(jars, SPRING + "LazyConnectionDataSourceProxy", pool)
                    .as(DataSource.class);
        }
    },
    SPRING_TRANSACTION_AWARE("spring") {
        @Override
        DataSource around(ClassLoader jars, DataSource pool) throws Exception {
            return Bean.create(jars, SPRING + "TransactionAwareDataSourceProxy", pool)
                    .as(DataSource.class);
        }
    },
    SPRING_BOTH("spring") {
        @Override
        DataSource around(ClassLoader jars, DataSource pool) throws Exception {
            return SPRING_TRANSACTION_AWARE.around(jars, SPRING_LAZY.around(jars, pool));
        }
    },
    TENANTS("spring") {
        @Override
        DataSource around(ClassLoader jars, DataSource pool) {
            return new TenantDataSource(pool, pool);
        }
    };

    private static final String SPRING = "org.springframework.jdbc.datasource.";

    private final String folder;

    Front(String folder) {
        this.folder = folder;
    }

    abstract DataSource around(ClassLoader jars, DataSource pool) throws Exception;

    /** In the service's JVM. */
    OpenPool open(PoolPlan plan) throws Exception {
        ClassLoader jars = Jars.of("hikari-7", folder);
        OpenPool pool = Pool.hikari(jars, plan);
        return pool.behind(around(jars, pool.dataSource()));
    }
}
