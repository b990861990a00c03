// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.connect;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.compatibility.Drivers;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.Script;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.compatibility.service.Stage;
import io.github.pgleash.compatibility.track.Listing;
import io.github.pgleash.jmx.Backend;
import io.github.pgleash.jmx.BackendsObjectName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first thing an application does is to connect from fifty threads at the same moment. */
final class FirstConnectionRaceIT {
    private static final PostgresServer SERVER = PostgresServers.shared();
    private static final int THREADS = 50;

    /** A log that cannot be written is complained about where the agent is put together: once. */
    @TempDir
    Path noFile;

    @Test
    void all_connections_of_a_driver_that_does_not_see_the_agent_are_tracked() throws IOException, JMException {
        String version = Drivers.ALL.get(Drivers.ALL.size() - 1);
        race(stage -> stage.driver("driver", Drivers.jar(version)));
    }

    @Test
    void all_connections_of_a_driver_that_sees_the_agent_are_tracked() throws IOException, JMException {
        String version = Drivers.ALL.get(Drivers.ALL.size() - 1);
        race(stage -> stage.driverInWebapp("driver", Drivers.jar(version)));
    }

    private void race(Script.Action loadsDriver) throws IOException, JMException {
        String url = SERVER.url();
        try (ServiceJvm service =
                ServiceJvm.plan().agent("app=crowd,log=" + noFile).start()) {
            service.run(loadsDriver);
            service.run(stage -> connectFromAllThreads(stage, url));

            List<Backend> backends = Listing.of(service).backends();
            assertThat(backends.stream().map(Backend::pid))
                    .map(String::valueOf)
                    .containsExactlyInAnyOrderElementsOf(SERVER.column(
                            "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'crowd@%:' || ?",
                            service.pid()));
            assertThat(backends).hasSize(THREADS);
            assertThat(backends)
                    .extracting(Backend::application_name)
                    .containsOnly(service.backends().getTag());
            assertThat(service.jmx().queryNames(new ObjectName("pgleash:*"), null))
                    .containsExactly(BackendsObjectName.BACKENDS);
            assertThat(service.ask(FirstConnectionRaceIT::threadsOfOurs)).isEqualTo("1");
            service.awaitStderr("cannot be written");
            assertThat(service.stderr()).hasSize(1);
        }
    }

    private static void connectFromAllThreads(Stage stage, String url) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        CountDownLatch ready = new CountDownLatch(THREADS);
        List<Future<?>> connected = IntStream.range(0, THREADS)
                .<Future<?>>mapToObj(i -> pool.submit(() -> {
                    ready.countDown();
                    ready.await();
                    return stage.openWith("driver", "connection " + i, url, APP, SECRET);
                }))
                .toList();
        for (Future<?> each : connected) {
            each.get();
        }
        pool.shutdown();
    }

    private static long threadsOfOurs(Stage stage) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("pgleash"))
                .count();
    }
}
