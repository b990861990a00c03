// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.frameworks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ProgramJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an application writes, from its start to SIGTERM, is the same with the agent as without. */
final class SpringBootUndisturbedIT {
    private static final Pattern LOADED = Pattern.compile("\\] (\\S+) source: ");
    private static final Pattern LOGGING_OR_JMX = Pattern.compile(
            "java\\.util\\.logging\\..*|java\\.lang\\.management\\..*"
                    + "|javax\\.management\\..*|sun\\.management\\..*|jdk\\.internal\\.logger\\..*|java\\.lang\\.System\\$Logger.*");

    private final PostgresServer server = PostgresServers.shared();

    @TempDir
    Path folder;

    private record Life(List<String> stdout, List<String> stderr, int status, List<String> loadedBeforeLauncher) {}

    @Test
    void its_log_is_the_same_and_nothing_of_logging_or_jmx_is_loaded_earlier() throws IOException {
        Life without = live("without");
        Life with = live("with", ProgramJvm.agent("leak.after=1s,patrol.interval=1s"));

        assertThat(without.stdout()).anyMatch(line -> line.contains("HikariPool-1 - Start completed"));
        assertThat(with.stdout()).isEqualTo(without.stdout());
        assertThat(without.stderr()).isEmpty();
        assertThat(with.stderr()).allMatch(line -> line.startsWith("pgleash "));
        assertThat(without.stdout())
                .anyMatch(
                        line -> line.contains("ch.qos.logback.classic.LoggerContext, java.util.logging.LogManager with "
                                + "org.slf4j.bridge.SLF4JBridgeHandler"));
        assertThat(with.loadedBeforeLauncher()).isEqualTo(without.loadedBeforeLauncher());
    }

    @Test
    void sigterm_shuts_it_down_in_order() throws IOException {
        Life life = live("terminated", ProgramJvm.agent(""));
        assertThat(life.status()).isEqualTo(143);
        assertThat(life.stdout())
                .anyMatch(line -> line.contains("HikariPool-1 - Shutdown completed"))
                .last()
                .asString()
                .contains("HikariPool-1 - Shutdown completed");
        assertThat(life.stderr()).noneMatch(line -> line.contains("Exception"));
    }

    private Life live(String name, String... jvmArguments) throws IOException {
        Path classes = folder.resolve(name);
        String[] arguments = new String[jvmArguments.length + 1];
        arguments[0] = "-Xlog:class+load=info:file=" + classes;
        System.arraycopy(jvmArguments, 0, arguments, 1, jvmArguments.length);
        try (SpringShop shop = SpringShop.start(server, arguments)) {
            for (String command : List.of("pay", "export", "pool", "logging")) {
                shop.ask(command);
            }
            ProgramJvm program = shop.program();
            int status = program.terminate();
            return new Life(
                    program.stdout().stream()
                            .map(SpringBootUndisturbedIT::withoutWhatAlwaysDiffers)
                            .toList(),
                    program.stderr(),
                    status,
                    loadedBeforeLauncher(classes));
        }
    }

    /** Times, pids and hash codes; the number of orders, since the table stays. */
    private static String withoutWhatAlwaysDiffers(String line) {
        return line.replaceFirst("^\\d{4}-\\S+", "TIME")
                .replaceFirst("(INFO|WARN|ERROR) \\d+ ", "$1 PID ")
                .replaceFirst("with PID \\d+", "with PID")
                .replaceAll("\\d+\\.\\d+ seconds", "SECONDS")
                .replaceFirst("running for \\d+\\.\\d+", "running for SECONDS")
                .replaceAll("@[0-9a-f]{5,8}", "@HASH")
                .replaceFirst(": \\d+ orders", ": ORDERS");
    }

    private static List<String> loadedBeforeLauncher(Path classes) throws IOException {
        try (var lines = Files.lines(classes)) {
            return lines.map(line -> {
                        var matcher = LOADED.matcher(line);
                        return matcher.find() ? matcher.group(1) : "";
                    })
                    .takeWhile(type -> !type.equals("org.springframework.boot.loader.launch.JarLauncher"))
                    .filter(LOGGING_OR_JMX.asMatchPredicate())
                    .sorted()
                    .toList();
        }
    }
}
