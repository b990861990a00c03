// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.track;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.pgleash.compatibility.BuildFolder;
import io.github.pgleash.compatibility.Drivers;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.Jdks;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.compatibility.service.ServicePlan;
import io.github.pgleash.compatibility.service.Stage;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An application is undeployed: nothing of ours keeps its class loader, and with it all it ever loaded. */
final class UnloadingIT {
    private static final PostgresServer SERVER = PostgresServers.shared();
    private static final List<String> VERSIONS = List.of("42.2.5", "42.5.6", "42.7.14");

    static List<Path> jdks() {
        return List.of(Jdks.configured(), Jdks.require(25));
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void the_class_loader_of_an_application_and_its_driver_is_collected(Path jdk) {
        try (ServiceJvm service = plan().javaHome(jdk).agent("").start()) {
            deployAll(service);
            undeployAll(service);
            awaitCollection(service);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "on"})
    void it_is_collected_even_if_the_agent_has_used_the_driver_for_a_control_connection(String reserve) {
        try (ServiceJvm service =
                plan().agent("patrol.interval=100ms,control.reserve=" + reserve).start()) {
            deployAll(service);
            assertThat(Listing.of(service).backends())
                    .hasSize(3 * VERSIONS.size())
                    .allSatisfy(row -> assertThat(row.state()).isEqualTo("idle"));
            undeployAll(service);
            awaitCollection(service);
        }
    }

    private static ServicePlan plan() {
        // The driver's own cleaner thread would keep the loader for half a minute.
        return ServiceJvm.plan().systemProperty("pgjdbc.config.cleanup.thread.ttl", "100");
    }

    private static void deployAll(ServiceJvm service) {
        String url = SERVER.url();
        for (String version : VERSIONS) {
            service.run(stage -> {
                URL[] places = {
                    Drivers.jar(version).toUri().toURL(),
                    BuildFolder.resolve("test-classes").toUri().toURL()
                };
                ClassLoader loader = new URLClassLoader(places, ClassLoader.getPlatformClassLoader());
                stage.put(
                        version,
                        loader.loadClass(Redeployed.class.getName())
                                .getConstructor(String.class, String.class, String.class)
                                .newInstance(url, APP, SECRET));
            });
        }
    }

    private static void undeployAll(ServiceJvm service) {
        for (String version : VERSIONS) {
            service.run(stage -> {
                Object application = stage.get(version, Object.class);
                application.getClass().getMethod("end").invoke(application);
                stage.put(version, new WeakReference<>(application.getClass().getClassLoader()));
            });
        }
    }

    private static void awaitCollection(ServiceJvm service) {
        for (String version : VERSIONS) {
            await("collection of the loader of " + version)
                    .atMost(ServiceJvm.DEADLINE)
                    .until(() -> isCollected(service, version));
        }
        assertThat(service.backends().getConnections()).isZero();
        assertThat(service.stderr()).isEmpty();
    }

    private static boolean isCollected(ServiceJvm service, String version) {
        return Boolean.parseBoolean(service.ask((Stage stage) -> {
            System.gc();
            return stage.get(version, WeakReference.class).get() == null;
        }));
    }
}
