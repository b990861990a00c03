// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.jmx;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.compatibility.BuildFolder;
import io.github.pgleash.compatibility.observe.Onlooker;
import io.github.pgleash.compatibility.observe.Sessions;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.Jdks;
import io.github.pgleash.jmx.BackendsObjectName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.management.MBeanInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever has a JDK can use it all: nothing that comes over the wire needs a class of ours. */
final class PlainClientIT {
    private final PostgresServer server = PostgresServers.shared();

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void every_attribute_and_result_can_be_read_without_our_classes(int java, @TempDir Path folder) throws Exception {
        try (RemoteService service = RemoteService.start(java, "app=plain,query=full", folder)) {
            Sessions sessions = Sessions.of(service.jvm(), server);
            int pid = sessions.idleInTransaction("orders");
            sessions.idle("stock");
            service.jvm().backends().refresh();
            String id = new Onlooker(server).id(pid);
            List<String> lines = run(folder, service.url(), id);

            MBeanInfo info = service.jvm().jmx().getMBeanInfo(BackendsObjectName.BACKENDS);
            assertThat(lines).startsWith("plain");
            assertThat(lines.stream().filter(line -> line.startsWith("attribute ")))
                    .hasSize(info.getAttributes().length)
                    .noneMatch(line -> line.endsWith(" null"))
                    .contains("attribute Backends CompositeData[]", "attribute Table String[]");
            assertThat(Arrays.stream(info.getOperations()))
                    .allSatisfy(operation ->
                            assertThat(lines).anyMatch(line -> line.startsWith("operation " + operation.getName())));
            assertThat(lines).anyMatch(line -> line.matches("operation terminate CompositeData\\w+ GONE"));
            assertThat(lines).contains("again CompositeData[]");
            assertThat(lines.stream().filter(line -> line.startsWith("mistake ")))
                    .hasSize(6)
                    .allSatisfy(line -> assertThat(line)
                            .contains("javax.management.RuntimeMBeanException < java.lang.IllegalArgumentException ")
                            .contains("at least 1"));
        }
    }

    /** Runs {@link PlainClient} with no other class than itself. */
    private static List<String> run(Path folder, String url, String id) throws IOException, InterruptedException {
        String file = PlainClient.class.getName().replace('.', '/') + ".class";
        Path copy = folder.resolve("client").resolve(file);
        Files.createDirectories(copy.getParent());
        Files.copy(BuildFolder.resolve("test-classes").resolve(file), copy);
        Process client = new ProcessBuilder(
                        Jdks.configured().resolve("bin/java").toString(),
                        "-cp",
                        folder.resolve("client").toString(),
                        PlainClient.class.getName(),
                        url,
                        RemoteService.READWRITE,
                        RemoteService.password(RemoteService.READWRITE),
                        id)
                .redirectErrorStream(true)
                .start();
        List<String> lines = new String(client.getInputStream().readAllBytes(), UTF_8)
                .lines()
                .toList();
        assertThat(client.waitFor()).as(() -> String.join("\n", lines)).isZero();
        return lines;
    }
}
