// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.pools;

import com.example.homemade.HomemadePool;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** How each kind of pool is configured, counted and closed. All open their connections at once where they can. */
enum Pool {
    HIKARI_4("hikari-4", Pool::hikari, "orders-pool"),
    HIKARI_5("hikari-5", Pool::hikari, "orders-pool"),
    HIKARI_6("hikari-6", Pool::hikari, "orders-pool"),
    HIKARI_7("hikari-7", Pool::hikari, "orders-pool"),
    TOMCAT_9("tomcat-9", Pool::tomcat, "orders-pool"),
    TOMCAT_10("tomcat-10", Pool::tomcat, "orders-pool"),
    TOMCAT_11("tomcat-11", Pool::tomcat, "orders-pool"),
    DBCP2("dbcp2", Pool::dbcp2, "PoolingDataSource"),
    C3P0("c3p0", Pool::c3p0, "orders-pool"),
    AGROAL("agroal", Pool::agroal, "io.agroal.pool.DataSource"),
    DRUID("druid", Pool::druid, "orders-pool"),
    VIBUR("vibur", Pool::vibur, "orders-pool"),
    UCP("ucp", Pool::ucp, "orders-pool"),
    BONECP("bonecp", Pool::bonecp, "orders-pool"),
    HOMEMADE("", Pool::homemade, "HomemadePool"),
    PG_SIMPLE_DATA_SOURCE("", Pool::pgSimpleDataSource, "PGSimpleDataSource"),
    DRIVER_MANAGER("", Pool::driverManager, "none (DriverManager)");

    private final String folder;

    @SuppressWarnings("ImmutableEnumChecker") // a method of this class
    private final Recipe recipe;

    private final String shownAs;

    Pool(String folder, Recipe recipe, String shownAs) {
        this.folder = folder;
        this.recipe = recipe;
        this.shownAs = shownAs;
    }

    @FunctionalInterface
    private interface Recipe {
        OpenPool open(ClassLoader jars, PoolPlan plan) throws Exception;
    }

    /** The name in the list: what the pool was called where it can be called something. */
    String shownAs() {
        return shownAs;
    }

    /** The frame that the list shows for what a customer borrows. */
    String borrowedFrom() {
        return this == DRIVER_MANAGER ? "Pool.lambda$driverManager$" : "Customer.shop(Customer.java:";
    }

    boolean isPooled() {
        return this != PG_SIMPLE_DATA_SOURCE && this != DRIVER_MANAGER;
    }

    /** In the service's JVM. */
    OpenPool open(PoolPlan plan) throws Exception {
        return recipe.open(folder.isEmpty() ? ClassLoader.getSystemClassLoader() : Jars.of(folder), plan);
    }

    static OpenPool hikari(ClassLoader jars, PoolPlan plan) throws Exception {
        Bean config = Bean.create(jars, "com.zaxxer.hikari.HikariConfig")
                .set("jdbcUrl", plan.url())
                .set("username", plan.user())
                .set("password", plan.password())
                .set("poolName", plan.name())
                .set("maximumPoolSize", plan.size())
                .set("connectionTimeout", plan.timeoutMillis());
        Bean pool = Bean.create(jars, "com.zaxxer.hikari.HikariDataSource", config.object());
        Bean counters = pool.get("getHikariPoolMXBean");
        return new OpenPool(
                pool.as(DataSource.class),
                () -> counters.number("getActiveConnections"),
                () -> counters.number("getIdleConnections"),
                pool.as(AutoCloseable.class));
    }

    private static OpenPool tomcat(ClassLoader jars, PoolPlan plan) throws Exception {
        Bean pool = Bean.create(jars, "org.apache.tomcat.jdbc.pool.DataSource")
                .set("driverClassName", "org.postgresql.Driver")
                .set("url", plan.url())
                .set("username", plan.user())
                .set("password", plan.password())
                .set("name", plan.name())
                .set("maxActive", plan.size())
                .set("maxIdle", plan.size())
                .set("initialSize", plan.size())
                .set("maxWait", plan.timeoutMillis());
        pool.call("createPool");
        return new OpenPool(
                pool.as(DataSource.class),
                () -> pool.number("getActive"),
                () -> pool.number("getIdle"),
                () -> pool.call("close"));
    }

    private static OpenPool dbcp2(ClassLoader jars, PoolPlan plan) throws Exception {
        Bean pool = Bean.create(jars, "org.apache.commons.dbcp2.BasicDataSource")
                .set("url", plan.url())
                .set("username", plan.user())
                .set("password", plan.password())
                .set("maxTotal", plan.size())
                .set("initialSize", plan.size())
                .set("maxWait", Duration.ofMillis(plan.timeoutMillis()));
        pool.call("start");
        return new OpenPool(
                pool.as(DataSource.class),
                () -> pool.number("getNumActive"),
                () -> pool.number("getNumIdle"),
                pool.as(AutoCloseable.class));
    }

    private static OpenPool c3p0(ClassLoader jars, PoolPlan plan) throws Exception {
        Bean pool = Bean.create(jars, "com.mchange.v2.c3p0.ComboPooledDataSource")
                .set("jdbcUrl", plan.url())
                .set("user", plan.user())
                .set("password", plan.password())
                .set("dataSourceName", plan.name())
                .set("maxPoolSize", plan.size())
                .set("minPoolSize", plan.size())
                .set("initialPoolSize", plan.size())
                .set("checkoutTimeout", plan.timeoutMillis());
        return new OpenPool(
                pool.as(DataSource.class),
                () -> pool.number("getNumBusyConnections"),
                () -> pool.number("getNumIdleConnections"),
                pool.as(AutoCloseable.class));
    }

    private static OpenPool agroal(ClassLoader jars, PoolPlan plan) throws Exception {
        String api = "io.agroal.api.";
        Bean properties = Bean.create(jars, api + "configuration.supplier.AgroalPropertiesReader")
                .get(
                        "readProperties",
                        Map.of(
                                "jdbcUrl", plan.url(),
                                "principal", plan.user(),
                                "credential", plan.password(),
                                "maxSize", Integer.toString(plan.size()),
                                "initialSize", Integer.toString(plan.size()),
                                "acquisitionTimeout_ms", Integer.toString(plan.timeoutMillis()),
                                "metricsEnabled", "true"));
        Bean pool = Bean.callStatic(
                jars,
                api + "AgroalDataSource",
                "from",
                properties.object(),
                java.lang.reflect.Array.newInstance(jars.loadClass(api + "AgroalDataSourceListener"), 0));
        Bean counters = pool.get("getMetrics");
        return new OpenPool(
                pool.as(DataSource.class),
                () -> counters.number("activeCount"),
                () -> counters.number("availableCount"),
                pool.as(AutoCloseable.class));
    }

    private static OpenPool druid(ClassLoader jars, PoolPlan plan) throws Exception {
        Bean pool = Bean.create(jars, "com.alibaba.druid.pool.DruidDataSource")
                .set("url", plan.url())
                .set("username", plan.user())
                .set("password", plan.password())
                .set("name", plan.name())
                .set("maxActive", plan.size())
                .set("initialSize", plan.size())
                .set("maxWait", plan.timeoutMillis());
        pool.call("init");
        return new OpenPool(
                pool.as(DataSource.class),
                () -> pool.number("getActiveCount"),
                () -> pool.number("getPoolingCount"),
                () -> pool.call("close"));
    }

    private static OpenPool vibur(ClassLoader jars, PoolPlan plan) throws Exception {
        Bean pool = Bean.create(jars, "org.vibur.dbcp.ViburDBCPDataSource")
                .set("jdbcUrl", plan.url())
                .set("username", plan.user())
                .set("password", plan.password())
                .set("name", plan.name())
                .set("poolMaxSize", plan.size())
                .set("poolInitialSize", plan.size())
                .set("connectionTimeoutInMs", plan.timeoutMillis());
        pool.call("start");
        Bean counters = pool.get("getPool");
        return new OpenPool(
                pool.as(DataSource.class),
                () -> counters.number("taken"),
                () -> counters.number("remainingCreated"),
                () -> pool.call("close"));
    }

    private static OpenPool ucp(ClassLoader jars, PoolPlan plan) throws Exception {
        Bean manager = Bean.callStatic(
                jars, "oracle.ucp.admin.UniversalConnectionPoolManagerImpl", "getUniversalConnectionPoolManager");
        Bean pool = Bean.callStatic(jars, "oracle.ucp.jdbc.PoolDataSourceFactory", "getPoolDataSource")
                .set("connectionFactoryClassName", "org.postgresql.Driver")
                .set("URL", plan.url())
                .set("user", plan.user())
                .set("password", plan.password())
                .set("connectionPoolName", plan.name())
                .set("maxPoolSize", plan.size())
                .set("initialPoolSize", plan.size())
                .set("connectionWaitDuration", Duration.ofMillis(plan.timeoutMillis()));
        manager.call("createConnectionPool", pool.object());
        manager.call("startConnectionPool", plan.name());
        return new OpenPool(
                pool.as(DataSource.class),
                () -> pool.number("getBorrowedConnectionsCount"),
                () -> pool.number("getAvailableConnectionsCount"),
                () -> manager.call("destroyConnectionPool", plan.name()));
    }

    private static OpenPool bonecp(ClassLoader jars, PoolPlan plan) throws Exception {
        Bean pool = Bean.create(jars, "com.jolbox.bonecp.BoneCPDataSource")
                .set("jdbcUrl", plan.url())
                .set("username", plan.user())
                .set("password", plan.password())
                .set("poolName", plan.name())
                .set("partitionCount", 1)
                .set("minConnectionsPerPartition", plan.size())
                .set("maxConnectionsPerPartition", plan.size())
                .set("connectionTimeoutInMs", plan.timeoutMillis());
        pool.as(DataSource.class).getConnection().close();
        Bean counters = pool.get("getPool");
        return new OpenPool(
                pool.as(DataSource.class),
                () -> counters.number("getTotalLeased"),
                () -> counters.number("getTotalFree"),
                () -> pool.call("close"));
    }

    private static OpenPool homemade(ClassLoader none, PoolPlan plan) {
        HomemadePool pool =
                new HomemadePool(plan.url(), plan.user(), plan.password(), plan.size(), plan.timeoutMillis());
        return new OpenPool(pool, pool::lent, pool::idle, pool);
    }

    private static OpenPool pgSimpleDataSource(ClassLoader none, PoolPlan plan) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(plan.url());
        dataSource.setUser(plan.user());
        dataSource.setPassword(plan.password());
        return OpenPool.unpooled(dataSource::getConnection);
    }

    private static OpenPool driverManager(ClassLoader none, PoolPlan plan) {
        return OpenPool.unpooled(() -> DriverManager.getConnection(plan.url(), plan.user(), plan.password()));
    }
}
