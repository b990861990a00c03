// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The versions of pgjdbc that the build copied to {@code target/drivers}; the pom alone knows which. */
public final class Drivers {
    /** All versions, oldest first. */
    public static final List<String> ALL = versions();

    private static final String PREFIX = "postgresql-";
    private static final String SUFFIX = ".jar";

    private Drivers() {}

    /** The jar of a version. */
    public static Path jar(String version) {
        Path jar = folder().resolve(PREFIX + version + SUFFIX);
        if (!Files.exists(jar)) {
            throw new IllegalArgumentException("no pgjdbc " + version + "; the pom copies " + ALL);
        }
        return jar;
    }

    private static List<String> versions() {
        try (Stream<Path> jars = Files.list(folder())) {
            return jars.map(jar -> jar.getFileName().toString())
                    .map(name -> name.substring(PREFIX.length(), name.length() - SUFFIX.length()))
                    .sorted(Comparator.comparing(Runtime.Version::parse))
                    .toList();
        } catch (IOException missing) {
            throw new IllegalStateException(
                    "no drivers in " + folder() + "; run Maven up to generate-test-resources first", missing);
        }
    }

    private static Path folder() {
        return BuildFolder.resolve("drivers");
    }
}
