// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.pools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.example.homemade.TenantDataSource;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.jmx.Backend;
import io.github.pgleash.jmx.Receipt;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Data sources around data sources, and other ways round {@code getConnection()}. */
final class NestedDataSourcesIT {
    private static final PostgresServer SERVER = PostgresServers.shared();
    private static final PoolPlan PLAN = new PoolPlan(SERVER, 2);

    @SuppressWarnings("NullAway.Init")
    private static ServiceJvm service;

    @BeforeAll
    static void startService() {
        service = ServiceJvm.plan()
                .agent("")
                .without("HikariCP")
                .systemProperty("p6spy.config.appender", "com.p6spy.engine.spy.appender.StdoutLogger")
                .start();
    }

    @AfterAll
    static void endService() {
        service.close();
    }

    @AfterEach
    void closePool() {
        service.run(stage -> stage.close("pool"));
        Rows rows = Rows.of(service);
        await("all connections closed")
                .atMost(ServiceJvm.DEADLINE)
                .until(() -> rows.all().isEmpty());
        rows.assertNoTrouble();
    }

    @ParameterizedTest
    @EnumSource
    void nested_data_sources_give_one_borrow_and_its_slot_comes_back(Front front) {
        service.run(stage -> stage.put("pool", front.open(PLAN)));
        service.run(stage -> stage.put("Anna", stage.get("pool", OpenPool.class).lendTo("Anna")));
        String pid = service.ask(stage -> stage.get("Anna", Customer.class).ask(Customer::pid));

        Rows rows = Rows.of(service);
        assertThat(rows.borrowed()).hasSize(1);
        assertThat(service.backends().getBorrowed()).isEqualTo(1);
        Backend row = rows.ofPid(pid);
        assertThat(row.pool()).isEqualTo("orders-pool");
        assertThat(row.owner()).startsWith("Anna #");
        assertThat(row.borrowedFrom()).contains(".pools.Customer.");

        Receipt receipt = service.backends().terminate(row.id());
        assertThat(receipt.outcome()).as(receipt.reason()).isEqualTo("GONE");
        assertThat(receipt.slotFreed()).isTrue();
        assertThat(service.ask(stage -> stage.get("Anna", Customer.class).failureOf(Customer::pid)))
                .isEqualTo("SQLException");
        service.run(stage -> stage.get("Anna", Customer.class).connection().close());
        assertThat(active()).isZero();
        service.run(stage -> {
            OpenPool pool = stage.get("pool", OpenPool.class);
            String unused = pool.lendTo("Boris").ask(Customer::pid)
                    + pool.lendTo("Clara").ask(Customer::pid);
        });
        assertThat(rows.borrowed())
                .extracting(Backend::owner)
                .doesNotHaveDuplicates()
                .hasSize(2);
        assertThat(active()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(names = {"SPRING_LAZY", "SPRING_BOTH"})
    void a_lazy_handle_is_not_made_to_take_a_connection(Front front) {
        service.run(stage -> stage.put("pool", front.open(PLAN)));
        service.run(stage -> stage.put("Anna", stage.get("pool", OpenPool.class).lendTo("Anna")));
        Rows rows = Rows.of(service);
        assertThat(rows.borrowed()).isEmpty();
        assertThat(service.backends().table()).contains("idle");
        assertThat(service.backends().terminateLeaked(true)).isEmpty();
        assertThat(active()).isZero();
    }

    @Test
    void a_borrow_through_a_method_of_the_pools_own_type_counts() {
        service.run(stage -> stage.put("pool", Pool.DRUID.open(PLAN)));
        service.run(stage -> {
            OpenPool pool = stage.get("pool", OpenPool.class);
            Method own = Stream.of(pool.dataSource().getClass().getMethods())
                    .filter(method -> method.getName().equals("getConnection")
                            && method.getParameterCount() == 0
                            && method.getReturnType() != Connection.class)
                    .findFirst()
                    .orElseThrow();
            stage.put("own", own.invoke(pool.dataSource()));
        });
        assertThat(Rows.of(service).borrowed()).extracting(Backend::pool).isEqualTo(List.of("orders-pool"));
        service.run(stage -> stage.close("own"));
        assertThat(Rows.of(service).borrowed()).isEmpty();
    }

    @Test
    void a_borrow_counts_although_its_data_source_borrowed_and_returned_another_one_first() {
        service.run(stage -> {
            OpenPool directory = stage.put("pool", Pool.HIKARI_7.open(PLAN));
            PGSimpleDataSource tenant = new PGSimpleDataSource();
            tenant.setUrl(PLAN.url());
            tenant.setUser(PLAN.user());
            tenant.setPassword(PLAN.password());
            stage.put("own", new TenantDataSource(directory.dataSource(), tenant).getConnection());
        });
        assertThat(Rows.of(service).borrowed()).extracting(Backend::pool).isEqualTo(List.of("TenantDataSource"));
        service.run(stage -> stage.close("own"));
    }

    @Test
    void a_borrow_counts_that_springs_helpers_take_from_its_data_source_without_a_pool() {
        service.run(stage -> {
            ClassLoader jars = Jars.of("spring");
            String spring = "org.springframework.jdbc.datasource.";
            Bean dataSource =
                    Bean.create(jars, spring + "DriverManagerDataSource", PLAN.url(), PLAN.user(), PLAN.password());
            stage.put("pool", OpenPool.unpooled(dataSource.as(DataSource.class)::getConnection));
            stage.put(
                    "own",
                    Bean.callStatic(jars, spring + "DataSourceUtils", "getConnection", dataSource.object())
                            .object());
        });
        assertThat(Rows.of(service).borrowed()).extracting(Backend::pool).isEqualTo(List.of("DriverManagerDataSource"));
        service.run(stage -> stage.close("own"));
    }

    @Test
    void what_was_lent_by_a_pool_that_is_closed_is_borrowed_no_more() {
        service.run(stage -> {
            OpenPool pool = stage.put("pool", Pool.HIKARI_7.open(PLAN));
            stage.put("unreturned", pool.lender().borrow());
        });
        assertThat(service.backends().getBorrowed()).isEqualTo(1);
        service.run(stage -> stage.get("pool", OpenPool.class).close());
        await("no borrow")
                .atMost(ServiceJvm.DEADLINE)
                .until(() -> service.backends().getBorrowed() == 0);
    }

    private static int active() {
        return service.call(stage -> stage.get("pool", OpenPool.class).active());
    }
}
