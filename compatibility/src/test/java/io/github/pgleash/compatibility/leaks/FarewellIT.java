// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.leaks;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.compatibility.Drivers;
import io.github.pgleash.compatibility.observe.Onlooker;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.Running;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.compatibility.track.Listing;
import io.github.pgleash.jmx.Backend;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The owner of a session that was ended learns why, from the exception that it gets anyway; and nobody else. */
final class FarewellIT {
    private static final String QUERY = "SELECT 1";

    private final PostgresServer server = PostgresServers.shared();
    private final Onlooker onlooker = new Onlooker(server);

    @ParameterizedTest
    @ValueSource(strings = {"42.2.5", "42.5.6", "42.7.14"})
    void an_owner_learns_from_its_pools_handle(String driver) {
        try (Shop shop = Shop.open(
                ServiceJvm.plan()
                        .without("postgresql-")
                        .with(Drivers.jar(driver))
                        .agent(Shop.EAGER),
                10,
                0)) {
            assertThatOwnersLearn(shop.service());
        }
    }

    @Test
    void an_owner_learns_where_pool_and_driver_do_not_see_the_agent() {
        String url = server.url();
        String driver = Drivers.jar("42.7.14").toString();
        try (ServiceJvm service = ServiceJvm.plan().agent(Shop.EAGER).start()) {
            service.run(stage -> stage.put(Shop.POOL, isolatedPool(url, driver)));
            assertThat(service.ask(stage -> stage.get(Shop.POOL, DataSource.class)
                            .getClass()
                            .getClassLoader()
                            .getParent()))
                    .contains("PlatformClassLoader");
            assertThatOwnersLearn(service);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"42.2.5", "42.5.6", "42.7.14"})
    void an_owner_learns_from_the_drivers_own_connection(String driver) {
        String url = server.url();
        Path jar = Drivers.jar(driver);
        String file = jar.toString();
        try (ServiceJvm service = ServiceJvm.plan().agent(Shop.EAGER).start()) {
            service.run(stage -> {
                stage.driver("driver", Path.of(file));
                for (String name : List.of("blocked", "idle")) {
                    stage.openWith("driver", name, url, APP, SECRET);
                }
                stage.put("statement", stage.connection("idle").prepareStatement(QUERY));
            });
            int pid = pid(service, "idle");
            Running<Fate> blocked =
                    service.start("blocked", stage -> Fate.of(() -> stage.execute("blocked", "SELECT pg_sleep(300)")));
            onlooker.await(blocked(service), "active");
            assertLearned(terminateBlocked(service, blocked), "57P01");
            assertThat(service.backends().terminate(Integer.toString(pid)).outcome())
                    .isEqualTo("GONE");
            assertLearned(
                    service.call(stage -> Fate.of(() ->
                            stage.get("statement", PreparedStatement.class).executeQuery())),
                    "08003");
            assertLearned(
                    service.call(stage -> Fate.of(() -> stage.connection("idle").createStatement())), "08003");
        }
    }

    @Test
    void nobody_elses_exceptions_carry_anything() {
        try (Shop shop = Shop.open(Shop.EAGER)) {
            int ended = shop.held("ended");
            shop.held("failing");
            int killed = shop.held("killed");
            assertThat(shop.service()
                            .backends()
                            .terminate(Integer.toString(ended))
                            .outcome())
                    .isEqualTo("GONE");
            assertThat(shop.fateOf("ended", QUERY).join().suppressed()).hasSize(1);

            Fate ownFault = shop.fateOf("failing", "SELECT 1 / 0").join();
            assertThat(ownFault.sqlState()).isEqualTo("22012");
            assertThat(ownFault.suppressed()).isEmpty();
            server.look("SELECT pg_terminate_backend(?)", killed);
            onlooker.await(killed, Onlooker.GONE);
            Fate byAnother = shop.fateOf("killed", QUERY).join();
            assertThat(byAnother.sqlState()).isEqualTo("57P01");
            assertThat(byAnother.suppressed()).isEmpty();
            // A connection of the same pool that was closed by its owner.
            shop.service().run(stage -> stage.connection("failing").close());
            Fate closed = shop.fateOf("failing", QUERY).join();
            assertThat(closed.exception()).isEqualTo("java.sql.SQLException");
            assertThat(closed.suppressed()).isEmpty();
        }
    }

    /** With a pool on the stage. */
    private void assertThatOwnersLearn(ServiceJvm service) {
        service.run(stage -> {
            for (String name : List.of("blocked", "idle")) {
                Orders.checkout(stage, name);
            }
            PreparedStatement statement =
                    stage.put("statement", stage.connection("idle").prepareStatement(QUERY));
            ResultSet rows = stage.put("rows", statement.executeQuery());
            rows.next();
        });
        int idle = pid(service, "idle"); // once there is an MBean, everything is woven
        Running<Fate> blocked =
                service.start("blocked", stage -> Fate.of(() -> stage.execute("blocked", "SELECT pg_sleep(300)")));
        onlooker.await(blocked(service), "active");
        assertLearned(terminateBlocked(service, blocked), "57P01");

        assertThat(service.backends().terminate(Integer.toString(idle)).outcome())
                .isEqualTo("GONE");
        assertLearned(
                service.call(stage -> Fate.of(
                        () -> stage.get("statement", PreparedStatement.class).executeQuery())),
                null);
        assertLearned(
                service.call(stage ->
                        Fate.of(() -> stage.get("rows", ResultSet.class).next())),
                null);
        for (int i = 0; i < 2; i++) {
            assertLearned(
                    service.call(stage -> Fate.of(() -> stage.connection("idle").createStatement())), null);
        }
        assertLearned(
                service.call(stage -> Fate.of(() -> stage.connection("idle").prepareStatement(QUERY))), null);
        assertLearned(
                service.call(stage -> Fate.of(() -> stage.connection("idle").commit())), null);
        assertThat(service.call(stage -> Fate.of(() -> stage.connection("idle").close()))
                        .exception())
                .isEqualTo("none");
        assertThat(service.ask(stage -> Orders.checkout(stage, "next"))).isNotEqualTo(Integer.toString(idle));
    }

    private static Fate terminateBlocked(ServiceJvm service, Running<Fate> running) {
        assertThat(service.backends()
                        .terminate(Integer.toString(blocked(service)))
                        .outcome())
                .isEqualTo("GONE");
        return running.join();
    }

    private static void assertLearned(Fate fate, @Nullable String sqlState) {
        assertThat(fate.exception()).isNotEqualTo("none");
        if (sqlState != null) {
            assertThat(fate.sqlState()).isEqualTo(sqlState);
        }
        assertThat(fate.message()).doesNotContain("pgleash");
        assertThat(fate.suppressed())
                .singleElement()
                .asString()
                .startsWith("java.sql.SQLException 57P01 pgleash ended this database session (")
                .contains(" for unauthenticated (RMI TCP Connection", " after it was borrowed by main #");
    }

    private static int pid(ServiceJvm service, String name) {
        return Integer.parseInt(service.ask(stage -> stage.query(name, Orders.PID)));
    }

    private static int blocked(ServiceJvm service) {
        for (Backend row : Listing.of(service).backends()) {
            if (String.valueOf(row.query()).contains("pg_sleep")) {
                return row.pid();
            }
        }
        throw new AssertionError("no blocked session");
    }

    /** HikariCP and the driver in a class loader that sees nothing but the JDK. */
    private static DataSource isolatedPool(String url, String driver) throws Exception {
        List<URL> jars = new ArrayList<>(List.of(Path.of(driver).toUri().toURL()));
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (entry.contains("HikariCP") || entry.contains("slf4j-")) {
                jars.add(Path.of(entry).toUri().toURL());
            }
        }
        ClassLoader loader = new URLClassLoader(jars.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
        Class<?> type = Class.forName("com.zaxxer.hikari.HikariDataSource", true, loader);
        DataSource pool = (DataSource) type.getDeclaredConstructor().newInstance();
        Thread.currentThread().setContextClassLoader(loader);
        type.getMethod("setDriverClassName", String.class).invoke(pool, "org.postgresql.Driver");
        type.getMethod("setJdbcUrl", String.class).invoke(pool, url);
        type.getMethod("setUsername", String.class).invoke(pool, APP);
        type.getMethod("setPassword", String.class).invoke(pool, SECRET);
        type.getMethod("setMaximumPoolSize", int.class).invoke(pool, 5);
        type.getMethod("setMinimumIdle", int.class).invoke(pool, 0);
        type.getMethod("setPoolName", String.class).invoke(pool, Shop.POOL);
        return pool;
    }
}
