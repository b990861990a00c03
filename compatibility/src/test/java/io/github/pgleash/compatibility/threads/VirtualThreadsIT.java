// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.threads;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.Jdks;
import io.github.pgleash.compatibility.service.Running;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.jmx.Backend;
import io.github.pgleash.jmx.BackendsMXBean;
import io.github.pgleash.jmx.Receipt;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ten thousand virtual threads that share a pool of twenty connections, some of which they do not return. */
final class VirtualThreadsIT {
    private static final int THREADS = 10_000;
    private static final int CONNECTIONS = 20;
    private static final int LEAK_EACH = 1_000;
    private static final int LEAKS = THREADS / LEAK_EACH;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** Of three rounds more: not even forty bytes for each thread. */
    private static final long GROWTH = 1 << 20;

    @TempDir
    Path folder;

    @Test
    void every_owner_is_named_none_is_pinned_by_us_and_all_leaked_slots_come_back() throws IOException {
        try (ServiceJvm service = shop("app=virtual,leak.after=1s,stacks=always,patrol.interval=100ms")) {
            service.run(stage -> stage.get("shop", VirtualShop.class).record());
            service.run(stage -> stage.get("shop", VirtualShop.class).pin());
            Running<Integer> serving = service.start(
                    "serving", stage -> stage.get("shop", VirtualShop.class).serve(THREADS, LEAK_EACH));
            Set<String> owners = new HashSet<>();
            BackendsMXBean bean = service.backends();
            while (!serving.isDone()) {
                for (Backend backend : bean.getBackends()) {
                    if (backend.pool() != null) {
                        assertThat(backend.owner()).matches("virtual thread #[0-9]+");
                        owners.add(backend.owner());
                    }
                }
            }
            assertThat(serving.join(PATIENCE)).isEqualTo(THREADS);
            assertThat(owners).hasSizeGreaterThan(LEAKS);

            await().atMost(ServiceJvm.DEADLINE).until(() -> {
                bean.refresh();
                return bean.getLeaked() == LEAKS;
            });
            assertThat(bean.getBackends())
                    .filteredOn(backend -> backend.verdict().equals("leaked"))
                    .hasSize(LEAKS)
                    .allSatisfy(backend -> {
                        assertThat(backend.owner()).matches("virtual thread #[0-9]+");
                        assertThat(backend.borrowedFrom()).contains("VirtualShop.request");
                    });
            assertThat(bean.terminateLeaked(false))
                    .hasSize(LEAKS)
                    .allSatisfy(receipt ->
                            assertThat(receipt.outcome()).as(receipt.toString()).isEqualTo("GONE"))
                    .allMatch(Receipt::slotFreed);
            assertThat(service.<Integer>call(
                            stage -> stage.get("shop", VirtualShop.class).serve(THREADS, 0)))
                    .isEqualTo(THREADS);
            assertThat(bean.getBorrowed()).isZero();
            assertThatNoneWasPinnedByUs(service);
            assertThat(service.stderr()).noneMatch(line -> line.contains("trouble"));
        }
    }

    @Test
    void nothing_grows_with_their_number() {
        try (ServiceJvm service = shop("app=steady,patrol.interval=100ms")) {
            service.backends().refresh();
            serve(service);
            long before = heap(service);
            for (int i = 0; i < 3; i++) {
                serve(service);
            }
            assertThat(service.backends().getBorrowed()).isZero();
            assertThat(service.backends().getConnections()).isLessThanOrEqualTo(CONNECTIONS);
            assertThat(heap(service) - before).isLessThan(GROWTH);
        }
    }

    private static ServiceJvm shop(String options) {
        PostgresServer server = PostgresServers.shared();
        ServiceJvm service =
                ServiceJvm.plan().javaHome(Jdks.require(25)).agent(options).start();
        String url = server.url();
        service.run(stage -> stage.put("shop", new VirtualShop(url, APP, SECRET, CONNECTIONS)));
        return service;
    }

    private static void serve(ServiceJvm service) {
        assertThat(service.<Integer>call(
                        stage -> stage.get("shop", VirtualShop.class).serve(THREADS, 0)))
                .isEqualTo(THREADS);
    }

    private static long heap(ServiceJvm service) {
        return service.<Long>call(stage -> VirtualShop.heap());
    }

    private void assertThatNoneWasPinnedByUs(ServiceJvm service) throws IOException {
        Path file = folder.resolve("pinned.jfr");
        String path = file.toString();
        service.run(stage -> stage.get("shop", VirtualShop.class).dump(Path.of(path)));
        List<RecordedEvent> pinned = RecordingFile.readAllEvents(file);
        assertThat(pinned)
                .anySatisfy(event -> assertThat(frames(event)).contains(VirtualShop.class.getName() + "$Pins"));
        assertThat(pinned)
                .allSatisfy(event -> assertThat(frames(event))
                        .noneMatch(type -> type.startsWith("io.github.pgleash.")
                                && !type.startsWith("io.github.pgleash.compatibility.")));
    }

    private static List<String> frames(RecordedEvent event) {
        return event.getStackTrace().getFrames().stream()
                .map(frame -> frame.getMethod().getType().getName())
                .toList();
    }
}
