// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.service;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.pgleash.compatibility.Drivers;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import java.io.IOException;
import java.io.NotSerializableException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServiceJvmIT {
    /** Static on purpose: in the service it must be the same server, and start no second one. */
    private static final PostgresServer SERVER = PostgresServers.shared();

    @Test
    void a_script_runs_on_the_main_thread_of_another_jvm() {
        try (ServiceJvm service = ServiceJvm.plan().start()) {
            assertThat(service.ask(stage -> ProcessHandle.current().pid())).isEqualTo(Long.toString(service.pid()));
            assertThat(service.ask(stage -> Thread.currentThread().getName())).isEqualTo("main");
        }
    }

    @Test
    void what_is_put_on_the_stage_stays_there() {
        try (ServiceJvm service = ServiceJvm.plan().start()) {
            service.run(stage -> stage.open("orders", SERVER.url(), APP, SECRET));
            service.run(stage -> stage.execute("orders", "SET application_name = 'on stage'"));
            assertThat(service.ask(stage -> stage.query("orders", "SHOW application_name")))
                    .isEqualTo("on stage");
            assertThat(SERVER.column("SELECT usename FROM pg_stat_activity WHERE application_name = 'on stage'"))
                    .containsExactly(APP);
        }
    }

    @Test
    void a_script_on_a_thread_of_its_own_is_not_waited_for() {
        try (ServiceJvm service = ServiceJvm.plan().start()) {
            service.run(stage -> stage.put("door", new CountDownLatch(1)));
            Running<String> waiting = service.start("waiting", stage -> {
                stage.get("door", CountDownLatch.class).await();
                return Thread.currentThread().getName();
            });
            assertThat(waiting.isDone()).isFalse();
            service.run(stage -> stage.get("door", CountDownLatch.class).countDown());
            assertThat(waiting.join()).isEqualTo("waiting");
            assertThat(service.join("waiting", ServiceJvm.DEADLINE)).isEqualTo("waiting");
        }
    }

    @Test
    void an_exception_comes_back_with_its_sqlstate_and_stack_trace() {
        try (ServiceJvm service = ServiceJvm.plan().start()) {
            service.run(stage -> stage.open("orders", SERVER.url(), APP, SECRET));
            assertThatExceptionOfType(ScriptFailed.class)
                    .isThrownBy(() -> service.run(stage -> {
                        try {
                            stage.execute("orders", "SELECT * FROM nowhere");
                        } catch (SQLException cause) {
                            throw new IllegalStateException("wrapped", cause);
                        }
                    }))
                    .withMessageContaining("at " + ServiceJvmIT.class.getName())
                    .satisfies(failed -> {
                        assertThat(failed.type()).isEqualTo(IllegalStateException.class.getName());
                        assertThat(failed.reason()).isEqualTo("wrapped");
                        assertThat(failed.sqlState()).isEqualTo("42P01");
                    });
        }
    }

    @Test
    void a_result_that_cannot_travel_is_an_exception_and_the_service_goes_on() {
        try (ServiceJvm service = ServiceJvm.plan().start()) {
            assertThatExceptionOfType(ScriptFailed.class)
                    .isThrownBy(() -> service.call(stage -> new Object()))
                    .satisfies(failed -> assertThat(failed.type()).isEqualTo(NotSerializableException.class.getName()));
            assertThat(service.ask(stage -> 42)).isEqualTo("42");
        }
    }

    @Test
    void an_isolated_driver_of_another_version_is_another_class() {
        try (ServiceJvm service = ServiceJvm.plan().start()) {
            service.run(stage -> {
                stage.driver("isolated", Drivers.jar("42.2.5"));
                stage.openWith("isolated", "old", SERVER.url(), APP, SECRET);
            });
            assertThat(service.ask(
                            stage -> stage.connection("old").getMetaData().getDriverVersion()))
                    .isEqualTo("42.2.5");
            assertThat(service.ask(stage -> stage.get("isolated", Driver.class) instanceof org.postgresql.Driver))
                    .isEqualTo("false");
        }
    }

    @Test
    void a_driver_in_a_webapp_comes_before_that_of_the_class_path() {
        try (ServiceJvm service = ServiceJvm.plan().start()) {
            service.run(stage -> {
                stage.driverInWebapp("webapp", Drivers.jar("42.6.2"));
                stage.openWith("webapp", "old", SERVER.url(), APP, SECRET);
            });
            assertThat(service.ask(
                            stage -> stage.connection("old").getMetaData().getDriverVersion()))
                    .isEqualTo("42.6.2");
        }
    }

    @Test
    void every_driver_connects() {
        try (ServiceJvm service = ServiceJvm.plan().start()) {
            for (String version : Drivers.ALL) {
                service.run(stage -> {
                    stage.driver(version, Drivers.jar(version));
                    stage.openWith(version, "c" + version, SERVER.url(), APP, SECRET);
                });
                assertThat(service.ask(stage ->
                                stage.connection("c" + version).getMetaData().getDriverVersion()))
                        .isEqualTo(version);
            }
        }
    }

    @Test
    void the_class_path_can_be_without_the_driver() {
        try (ServiceJvm service = ServiceJvm.plan().without("postgresql-").start()) {
            assertThatExceptionOfType(ScriptFailed.class)
                    .isThrownBy(() -> service.run(stage -> Class.forName("org.postgresql.Driver")));
        }
    }

    @Test
    void a_service_runs_on_jdk_25() {
        try (ServiceJvm service = ServiceJvm.plan().javaHome(Jdks.require(25)).start()) {
            service.run(stage -> stage.open("orders", SERVER.url(), APP, SECRET));
            assertThat(service.ask(stage -> Runtime.version().feature())).isEqualTo("25");
        }
    }

    @Test
    void what_it_writes_can_be_awaited() {
        try (ServiceJvm service = ServiceJvm.plan().start()) {
            service.run(stage -> {
                System.out.println("one for all");
                System.err.println("order 4711 is lost");
            });
            assertThat(service.awaitStderr("order \\d+")).isEqualTo("order 4711 is lost");
            assertThat(service.awaitStdout("one")).isEqualTo("one for all");
        }
    }

    @Test
    void arguments_properties_and_environment_reach_it() {
        try (ServiceJvm service = ServiceJvm.plan()
                .jvmArgument("-Xmx77m")
                .systemProperty("greeting", "hello")
                .environment("PGLEASH_APP", "from the environment")
                .start()) {
            assertThat(service.ask(stage -> System.getProperty("greeting"))).isEqualTo("hello");
            assertThat(service.ask(stage -> System.getenv("PGLEASH_APP"))).isEqualTo("from the environment");
            assertThat(service.ask(stage -> ManagementFactory.getRuntimeMXBean()
                            .getInputArguments()
                            .contains("-Xmx77m")))
                    .isEqualTo("true");
        }
    }

    @Test
    void its_mbeans_can_be_read() throws IOException, JMException {
        try (ServiceJvm service = ServiceJvm.plan().start()) {
            Object name = service.jmx().getAttribute(new ObjectName("java.lang:type=Runtime"), "Pid");
            assertThat(name).isEqualTo(service.pid());
        }
    }

    @Test
    void its_shutdown_hooks_run_when_it_is_asked_to_end() {
        try (ServiceJvm service = ServiceJvm.plan().start()) {
            service.run(stage ->
                    Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("the hook ran"))));
            assertThat(service.exit()).isZero();
            assertThat(service.stdout()).contains("the hook ran");
        }
    }

    @Test
    void nothing_of_it_is_left_even_if_a_script_hangs() {
        ServiceJvm service = ServiceJvm.plan().start();
        service.start("hanging", stage -> {
            new CountDownLatch(1).await();
            return null;
        });
        service.close();
        assertThat(service.isAlive()).isFalse();
    }

    @Test
    void an_agent_is_there_from_the_start_and_brings_the_contract_itself(@TempDir Path folder) throws IOException {
        try (ServiceJvm service =
                ServiceJvm.plan().agent(probe(folder), "app=shop").start()) {
            assertThat(service.ask(stage -> System.getProperty("probe"))).isEqualTo("premain app=shop");
            assertThatExceptionOfType(ScriptFailed.class)
                    .isThrownBy(() -> service.run(stage -> Class.forName("io.github.pgleash.jmx.Backend")))
                    .satisfies(failed -> assertThat(failed.type()).isEqualTo(ClassNotFoundException.class.getName()));
        }
    }

    @Test
    void an_agent_can_be_attached_later(@TempDir Path folder) throws IOException {
        try (ServiceJvm service = ServiceJvm.plan().start()) {
            service.attach(probe(folder), "app=late");
            assertThat(service.ask(stage -> System.getProperty("probe"))).isEqualTo("agentmain app=late");
        }
    }

    /** A jar of nothing but a manifest: its agent is on the class path. */
    private static Path probe(Path folder) throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue("Premain-Class", Probe.class.getName());
        attributes.putValue("Agent-Class", Probe.class.getName());
        Path jar = folder.resolve("probe.jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        return jar;
    }

    /** An agent that only says that it was there. */
    static final class Probe {
        private Probe() {}

        public static void premain(String options) {
            System.setProperty("probe", "premain " + options);
        }

        public static void agentmain(String options) {
            System.setProperty("probe", "agentmain " + options);
        }
    }
}
