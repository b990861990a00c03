// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.rights;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static io.github.pgleash.compatibility.server.PostgresServer.SHOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.github.pgleash.compatibility.BuildFolder;
import io.github.pgleash.compatibility.Drivers;
import io.github.pgleash.compatibility.observe.Onlooker;
import io.github.pgleash.compatibility.observe.Sessions;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.compatibility.service.ServicePlan;
import io.github.pgleash.jmx.Backend;
import io.github.pgleash.jmx.BackendsMXBean;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The control connection gets in wherever and however the application's connections do. */
final class WaysInIT {
    private static final String FACTORY = "org.newsclub.net.unix.AFUNIXSocketFactory$FactoryArg";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {10, 18})
    void with_a_client_certificate_and_without_a_password(int major) throws IOException {
        Certificates certificates = Certificates.in(folder).sign("localhost").sign("certified");
        try (PostgresServer server = PostgresServers.start(major)) {
            server.requireOwnProcess();
            server.createRole("certified", "not used", "");
            letIn(server, "hostssl all certified all cert");
            server.execute("ALTER SYSTEM SET ssl_cert_file = '" + certificates.certificate("localhost") + "'");
            server.execute("ALTER SYSTEM SET ssl_key_file = '" + certificates.key("localhost") + "'");
            server.execute("ALTER SYSTEM SET ssl_ca_file = '" + certificates.authority() + "'");
            server.execute("ALTER SYSTEM SET ssl = on");
            server.execute("SELECT pg_reload_conf()");
            String url = server.url() + "?sslmode=verify-full&sslrootcert=" + certificates.authority() + "&sslcert="
                    + certificates.certificate("certified") + "&sslkey=" + certificates.binaryKey("certified");
            await().atMost(ServiceJvm.DEADLINE).until(() -> accepts(url, "certified", ""));
            try (ServiceJvm service = ServiceJvm.plan().agent("app=certified").start()) {
                int pid = new Sessions(service, url, "certified", "").idleInTransaction("job");
                assertThatItWorks(service, server, pid);
                assertThat(server.column("SELECT s.ssl::text FROM pg_stat_ssl s JOIN pg_stat_activity USING (pid)"
                                + " WHERE application_name LIKE 'pgleash of certified@%'"))
                        .containsExactly("true");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 18})
    void with_a_password_that_is_checked_by_scram(int major) throws IOException {
        try (PostgresServer server = PostgresServers.plan(major)
                .with("password_encryption", "scram-sha-256")
                .start()) {
            server.requireOwnProcess();
            server.createRole("salted", SECRET, "");
            letIn(server, "host all salted all scram-sha-256");
            await().atMost(ServiceJvm.DEADLINE).until(() -> accepts(server.url(), "salted", SECRET));
            assertThat(server.look("SELECT left(rolpassword, 5) FROM pg_authid WHERE rolname = 'salted'"))
                    .isEqualTo("SCRAM");
            try (ServiceJvm service = ServiceJvm.plan().agent("app=salted").start()) {
                assertThatItWorks(
                        service,
                        server,
                        new Sessions(service, server.url(), "salted", SECRET).idleInTransaction("job"));
            }
        }
    }

    @Test
    void through_a_socket_factory_of_the_application() {
        PostgresServer server = PostgresServers.shared();
        String url = "jdbc:postgresql://nowhere.invalid:1/" + SHOP + "?socketFactory="
                + NamedSocketFactory.class.getName() + "&socketFactoryArg=" + server.port();
        try (ServiceJvm service = ServiceJvm.plan().agent("app=factory").start()) {
            int pid = new Sessions(service, url, APP, SECRET).idleInTransaction("job");
            assertThatItWorks(service, server, pid);
            assertThat(service.ask(stage -> NamedSocketFactory.made())).isEqualTo("2");
        }
    }

    @Test
    void through_a_socket_factory_that_only_the_applications_own_class_loader_has() {
        PostgresServer server = PostgresServers.shared();
        String url = "jdbc:postgresql://nowhere.invalid:1/" + SHOP + "?socketFactory="
                + NamedSocketFactory.class.getName() + "&socketFactoryArg=" + server.port();
        ServicePlan plan = ServiceJvm.plan().without("postgresql-");
        try (ServiceJvm service = plan.agent("app=inner").start()) {
            service.run(stage -> {
                stage.driver("shared", Drivers.jar("42.7.14"));
                ClassLoader shared =
                        stage.get("shared", Object.class).getClass().getClassLoader();
                URL[] classes = {BuildFolder.resolve("test-classes").toUri().toURL()};
                Thread.currentThread().setContextClassLoader(new URLClassLoader(classes, shared));
                stage.openWith("shared", "job", url, APP, SECRET);
                stage.connection("job").setAutoCommit(false);
            });
            int pid = Integer.parseInt(service.ask(stage -> stage.query("job", "SELECT pg_backend_pid()")));
            assertThatItWorks(service, server, pid);
        }
    }

    @Test
    void through_unix_domain_sockets_of_two_servers_that_are_not_taken_for_one() throws IOException {
        // Such a path may have 107 bytes at most.
        Path sockets = Files.createTempDirectory(Path.of("/tmp"), "leash");
        try (PostgresServer first = onSocket(sockets);
                PostgresServer second = onSocket(sockets);
                ServiceJvm service = ServiceJvm.plan()
                        .with(BuildFolder.resolve("junixsocket/junixsocket-common.jar"))
                        .with(BuildFolder.resolve("junixsocket/junixsocket-native-common.jar"))
                        .agent("app=unix")
                        .start()) {
            int here = new Sessions(service, url(sockets, first), APP, SECRET).idleInTransaction("here");
            int there = new Sessions(service, url(sockets, second), APP, SECRET).idleInTransaction("there");
            BackendsMXBean bean = service.backends();
            bean.refresh();
            assertThat(bean.getProblems()).isEmpty();
            assertThat(bean.getServers())
                    .hasSize(2)
                    .allSatisfy(line -> assertThat(line).contains("Unix-domain socket"))
                    .anySatisfy(line -> assertThat(line).contains("." + first.port() + ")"))
                    .anySatisfy(line -> assertThat(line).contains("." + second.port() + ")"));
            assertThat(bean.getBackends())
                    .extracting(Backend::pid, Backend::state)
                    .containsExactlyInAnyOrder(tuple(here, "idle in transaction"), tuple(there, "idle in transaction"));
            for (Backend backend : bean.getBackends()) {
                assertThat(bean.terminate(backend.id()).outcome())
                        .as(backend.id())
                        .isEqualTo("GONE");
            }
            assertThat(new Onlooker(first).state(here)).isEqualTo(Onlooker.GONE);
            assertThat(new Onlooker(second).state(there)).isEqualTo(Onlooker.GONE);
        } finally {
            Files.deleteIfExists(sockets);
        }
    }

    private static PostgresServer onSocket(Path sockets) {
        PostgresServer server = PostgresServers.plan()
                .with("unix_socket_directories", sockets.toString())
                .start();
        server.requireOwnProcess();
        return server;
    }

    private static String url(Path sockets, PostgresServer server) {
        return "jdbc:postgresql://localhost/" + SHOP + "?socketFactory=" + FACTORY + "&socketFactoryArg="
                + sockets.resolve(".s.PGSQL." + server.port());
    }

    /** Puts a line before the others. */
    private static void letIn(PostgresServer server, String line) throws IOException {
        Path file = Path.of(server.look("SHOW hba_file"));
        Files.writeString(file, line + "\n" + Files.readString(file));
        server.execute("SELECT pg_reload_conf()");
    }

    private static boolean accepts(String url, String role, String password) {
        try {
            DriverManager.getConnection(url, role, password).close();
            return true;
        } catch (SQLException notYet) {
            return false;
        }
    }

    private static void assertThatItWorks(ServiceJvm service, PostgresServer server, int pid) {
        service.backends().refresh();
        assertThat(service.backends().getProblems()).isEmpty();
        assertThat(service.backends().getBackends())
                .extracting(Backend::pid, Backend::state)
                .containsExactly(tuple(pid, "idle in transaction"));
        assertThat(service.backends().terminate(Integer.toString(pid)).outcome())
                .isEqualTo("GONE");
        assertThat(new Onlooker(server).state(pid)).isEqualTo(Onlooker.GONE);
    }
}
