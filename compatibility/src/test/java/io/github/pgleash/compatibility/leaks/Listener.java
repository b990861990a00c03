// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.leaks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.pgleash.compatibility.BuildFolder;
import io.github.pgleash.compatibility.service.Jdks;
import io.github.pgleash.compatibility.service.ServiceJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The test's side of a {@link PlainListener}: what it has heard so far. */
record Listener(Process process, Path heard) implements AutoCloseable {
    private static final String LINE = "pgleash.";

    static Listener to(ServiceJvm service, Path folder) throws IOException {
        service.backends(); // it is registered then
        String file = PlainListener.class.getName().replace('.', '/') + ".class";
        Path copy = folder.resolve("client").resolve(file);
        Files.createDirectories(copy.getParent());
        Files.copy(BuildFolder.resolve("test-classes").resolve(file), copy);
        Path heard = folder.resolve("heard");
        Process process = new ProcessBuilder(
                        Jdks.configured().resolve("bin/java").toString(),
                        "-cp",
                        folder.resolve("client").toString(),
                        PlainListener.class.getName(),
                        Long.toString(service.pid()))
                .redirectErrorStream(true)
                .redirectOutput(heard.toFile())
                .start();
        Listener listener = new Listener(process, heard);
        await("the listener")
                .atMost(ServiceJvm.DEADLINE)
                .untilAsserted(() -> assertThat(listener.lines()).contains(PlainListener.READY));
        return listener;
    }

    /** Waits for a notification of that type about that. */
    void awaits(String type, String about) {
        await(type + " about " + about)
                .atMost(ServiceJvm.DEADLINE)
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertThat(lines())
                        .anyMatch(line -> line.startsWith(LINE + type + " | ") && line.contains(about)));
    }

    /** The notifications of that type. */
    List<String> of(String type) {
        return lines().stream()
                .filter(line -> line.startsWith(LINE + type + " | "))
                .toList();
    }

    List<String> lines() {
        try {
            return Files.readAllLines(heard);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}
