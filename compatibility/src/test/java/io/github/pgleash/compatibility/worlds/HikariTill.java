// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.worlds;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;

import com.zaxxer.hikari.HikariDataSource;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.jmx.BackendsMXBean;
import javax.sql.DataSource;

/** A till with a HikariCP pool, in a service's JVM. Closing it closes the pool. */
final class HikariTill implements World, AutoCloseable {
    private static final String POOL = "till";

    private final ServiceJvm service;

    private HikariTill(ServiceJvm service) {
        this.service = service;
    }

    static HikariTill open(ServiceJvm service, PostgresServer server) {
        String url = server.url();
        service.run(stage -> {
            HikariDataSource pool = stage.put(POOL, new HikariDataSource());
            pool.setPoolName(POOL);
            pool.setJdbcUrl(url);
            pool.setUsername(APP);
            pool.setPassword(SECRET);
            pool.setMaximumPoolSize(1);
        });
        return new HikariTill(service);
    }

    @Override
    public int forget() {
        return service.start("cashier", stage -> Till.forget(stage.get(POOL, DataSource.class)))
                .join();
    }

    @Override
    public int count() {
        return service.call(stage -> Till.count(stage.get(POOL, DataSource.class)));
    }

    @Override
    public String frame() {
        return Till.class.getName() + ".forget(Till.java:";
    }

    @Override
    public String owner() {
        return "cashier #";
    }

    @Override
    public BackendsMXBean backends() {
        return service.backends();
    }

    @Override
    public void close() {
        service.run(stage -> stage.close(POOL));
    }
}
