// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.track;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGConnectionPoolDataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Connections that come from data sources: the driver's own, and a pool. */
final class DataSourcesIT {
    private static final PostgresServer SERVER = PostgresServers.shared();

    private final ServiceJvm service = ServiceJvm.plan().agent("").start();

    @AfterEach
    void endService() {
        service.close();
    }

    @Test
    void connections_of_the_drivers_data_source_are_listed() {
        String url = SERVER.url();
        service.run(stage -> {
            PGSimpleDataSource source = new PGSimpleDataSource();
            source.setUrl(url);
            source.setUser(APP);
            source.setPassword(SECRET);
            source.setApplicationName("orders");
            stage.put("source", source);
            stage.borrow("source", "connection");
        });
        assertThat(service.ask(stage -> stage.query("connection", "SHOW application_name")))
                .startsWith("orders@");
        assertThat(service.backends().getConnections()).isEqualTo(1);
        service.run(stage -> stage.close("connection"));
        assertThat(service.backends().getConnections()).isZero();
    }

    @Test
    void a_pooled_connection_of_the_driver_is_listed_until_it_is_really_closed() {
        String url = SERVER.url();
        service.run(stage -> {
            PGConnectionPoolDataSource source = new PGConnectionPoolDataSource();
            source.setUrl(url);
            var pooled = source.getPooledConnection(APP, SECRET);
            stage.put("pooled", pooled);
            pooled.getConnection().close();
        });
        assertThat(service.backends().getConnections()).isEqualTo(1);
        service.run(
                stage -> stage.get("pooled", javax.sql.PooledConnection.class).close());
        assertThat(service.backends().getConnections()).isZero();
    }

    @Test
    void all_connections_of_a_pool_are_listed_until_the_pool_is_closed() {
        String url = SERVER.url();
        service.run(stage -> {
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(url);
            config.setUsername(APP);
            config.setPassword(SECRET);
            config.setMaximumPoolSize(3);
            config.addDataSourceProperty("ApplicationName", "pool");
            stage.put("pool", new HikariDataSource(config));
            stage.borrow("pool", "connection");
        });
        await().atMost(ServiceJvm.DEADLINE).until(() -> service.backends().getConnections() == 3);
        assertThat(Listing.of(service).backends()).hasSize(3).allSatisfy(row -> {
            assertThat(row.application_name()).startsWith("pool@");
            assertThat(row.notes()).isEmpty();
        });
        service.run(stage -> stage.close("connection"));
        assertThat(service.backends().getConnections()).isEqualTo(3);
        service.run(stage -> stage.close("pool"));
        assertThat(service.backends().getConnections()).isZero();
    }
}
