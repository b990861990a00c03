// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FramesTest {
    @Test
    void the_applications_frame_is_the_innermost_that_is_nobody_elses() {
        assertThat(application(
                        null,
                        "com.zaxxer.hikari.HikariDataSource",
                        "org.springframework.jdbc.datasource.DataSourceUtils",
                        "jdk.internal.reflect.NativeMethodAccessorImpl",
                        "shop.orders.OrderDao$$FastClassBySpringCGLIB$$0",
                        "shop.orders.OrderDao",
                        "shop.orders.OrderService",
                        "java.lang.Thread"))
                .isEqualTo("shop.orders.OrderDao");
    }

    @Test
    void a_proxy_stands_for_the_class_it_was_made_of() {
        StackTraceElement proxy = new StackTraceElement("shop.OrderDao$$SpringCGLIB$$0", "find", "<generated>", -1);
        StackTraceElement target = new StackTraceElement("shop.OrderDao", "find", "OrderDao.java", 7);

        assertThat(Frames.isSameMethod(proxy, target)).isTrue();
        assertThat(Frames.text(proxy)).isEqualTo("shop.OrderDao.find(proxy)");
        assertThat(Frames.application(List.of(proxy, target), null)).isEqualTo(proxy);
    }

    @Test
    void where_no_frame_is_the_applications_the_innermost_framework_answers() {
        assertThat(application(
                        null,
                        "org.postgresql.Driver",
                        "com.zaxxer.hikari.pool.HikariPool",
                        "org.flywaydb.core.Flyway",
                        "org.springframework.boot.SpringApplication",
                        "java.lang.Thread"))
                .isEqualTo("org.flywaydb.core.Flyway");
    }

    @Test
    void a_stack_of_platform_driver_and_pool_has_none() {
        assertThat(application(null, "org.postgresql.Driver", "com.zaxxer.hikari.pool.HikariPool", "java.lang.Thread"))
                .isNull();
        assertThat(Frames.application(List.of(), null)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "shop.RoutingSource,          shop.OrderDao",
        "shop.RoutingSource$Lender,   shop.RoutingSource",
        "shop.Routing,                shop.RoutingSource",
        ",                            shop.RoutingSource",
    })
    void a_lender_that_nobody_knows_is_not_the_application_either(@Nullable String lender, String expected) {
        assertThat(application(lender, "shop.RoutingSource", "shop.OrderDao")).isEqualTo(expected);
        assertThat(application("shop.RoutingSource", "shop.RoutingSource$1", "shop.RoutingSource", "shop.OrderDao"))
                .isEqualTo("shop.OrderDao");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "java.util.ArrayList",
                "javax.sql.X",
                "jdk.proxy2.$Proxy7",
                "sun.misc.X",
                "com.sun.proxy.$Proxy9",
                "org.postgresql.jdbc.PgConnection",
                "com.zaxxer.hikari.pool.HikariPool",
                "org.apache.tomcat.jdbc.pool.DataSource",
                "org.apache.commons.dbcp2.BasicDataSource",
                "com.mchange.v2.c3p0.ComboPooledDataSource",
                "io.agroal.pool.DataSource",
                "com.alibaba.druid.pool.DruidDataSource",
                "org.vibur.dbcp.ViburDBCPDataSource",
                "oracle.ucp.jdbc.PoolDataSourceImpl",
                "org.hibernate.Session",
                "io.opentelemetry.instrumentation.jdbc.datasource.OpenTelemetryDataSource",
                "org.jooq.impl.X",
                "shop.Dao$$FastClassBySpringCGLIB$$1",
                "$Proxy12"
            })
    void these_are_not_the_applications(String className) {
        assertThat(application(null, className, "shop.OrderDao")).isEqualTo("shop.OrderDao");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"javafun.Shop", "com.zaxxer.Shop", "org.postgresqlfans.X", "jakartacity.X", "Main", "x.$Proxy"})
    void these_are(String className) {
        assertThat(application(null, className, "shop.OrderDao")).isEqualTo(className);
    }

    @Test
    void pools_and_the_driver_are_known_by_their_packages() {
        assertThat(Frames.isPool("com.zaxxer.hikari.pool.HikariPool")).isTrue();
        assertThat(Frames.isPool("shop.MyPool")).isFalse();
        assertThat(Frames.isDriver("org.postgresql.Driver")).isTrue();
        assertThat(Frames.isDriver("shop.Driver")).isFalse();
    }

    @Test
    void a_frame_is_shown_as_a_stack_trace_shows_it_but_without_loaders_and_modules() {
        assertThat(Frames.text(new StackTraceElement("app", "shop", "1.0", "shop.Dao", "list", "Dao.java", 12)))
                .isEqualTo("shop.Dao.list(Dao.java:12)");
        assertThat(Frames.text(new StackTraceElement("shop.Dao", "list", "Dao.java", -1)))
                .isEqualTo("shop.Dao.list(Dao.java)");
        assertThat(Frames.text(new StackTraceElement("shop.Dao", "list", null, -1)))
                .isEqualTo("shop.Dao.list(unknown source)");
        assertThat(Frames.text(new StackTraceElement("shop.Dao", "list", null, -2)))
                .isEqualTo("shop.Dao.list(native)");
    }

    private static @Nullable String application(@Nullable String lender, String... classNames) {
        List<StackTraceElement> stack = Stream.of(classNames)
                .map(name -> new StackTraceElement(name, "method", "File.java", 1))
                .toList();
        StackTraceElement frame = Frames.application(stack, lender);
        return frame == null ? null : frame.getClassName();
    }
}
