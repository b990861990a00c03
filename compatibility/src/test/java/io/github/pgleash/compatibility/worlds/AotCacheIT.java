// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.worlds;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.github.pgleash.compatibility.Drivers;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.Jdks;
import io.github.pgleash.compatibility.service.ProgramJvm;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;

/**
 * A JDK 25 with an AOT cache, whose classes are loaded and linked before any agent's premain: the agent weaves them then.
 * The cache is made by a run without the agent, but with the module that agents need; or with the agent, which stays out
 * of such a run. Where it did not, JDK 25.0.3 crashed with the cache.
 */
final class AotCacheIT {
    private static final String AGENT = ProgramJvm.agent(Trial.OPTIONS);

    private final PostgresServer server = PostgresServers.shared();

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"the agent", "--add-modules=java.instrument"})
    void a_leak_is_found_and_both_its_ends_are_cleaned_up(String trainedWith) throws IOException {
        Path cache = folder.resolve("till.aot");
        Path loaded = folder.resolve("loaded.txt");
        try (ProgramTill till =
                start(trainedWith.equals("the agent") ? AGENT : trainedWith, "-XX:AOTCacheOutput=" + cache)) {
            int unused = till.count();
            till.end();
        }
        assertThat(cache).isNotEmptyFile();
        try (ProgramTill till = start(
                AGENT,
                "-XX:AOTCache=" + cache,
                "-XX:AOTMode=on", // fails where the cache does not fit
                "-Xlog:class+load:file=" + loaded)) {
            new Trial(till, server).play();
            assertThat(till.program().stderr()).noneMatch(line -> line.startsWith("pgleash: "));
        }
        for (String type : List.of("org.postgresql.jdbc.PgConnection", HikariDataSource.class.getName())) {
            assertThat(origin(loaded, type)).contains("shared objects file");
        }
    }

    private ProgramTill start(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(arguments));
        String classPath = Stream.of(
                        ownJar(),
                        Drivers.jar(Drivers.ALL.get(Drivers.ALL.size() - 1)),
                        jar(HikariDataSource.class),
                        jar(Logger.class))
                .map(Path::toString)
                .reduce((one, other) -> one + File.pathSeparator + other)
                .orElseThrow();
        all.addAll(List.of("-cp", classPath, TillProgram.class.getName(), server.url(), APP, SECRET));
        return new ProgramTill(ProgramJvm.start(Jdks.require(25), all, Map.of()));
    }

    /** Folders on the class path are nothing for a cache. */
    private Path ownJar() throws IOException {
        Path jar = folder.resolve("till.jar");
        if (Files.exists(jar)) {
            return jar; // made anew, it would not be what the cache was made for
        }
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (Class<?> type : List.of(Till.class, TillProgram.class)) {
                String name = type.getName().replace('.', '/') + ".class";
                zip.putNextEntry(new ZipEntry(name));
                try (InputStream code =
                        Objects.requireNonNull(type.getClassLoader()).getResourceAsStream(name)) {
                    Objects.requireNonNull(code).transferTo(zip);
                }
            }
        }
        return jar;
    }

    /** The JVM's line about a class: its first loading. */
    private static String origin(Path loaded, String type) throws IOException {
        try (Stream<String> lines = Files.lines(loaded)) {
            return lines.filter(line -> line.contains(" " + type + " source: "))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static Path jar(Class<?> within) {
        try {
            return Path.of(
                    within.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
