// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.server;

import io.github.pgleash.compatibility.BuildFolder;
import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.opentest4j.TestAbortedException;

/**
 * One version of PostgreSQL as the build copied it to {@code target/postgres}. The pom alone knows which versions there
 * are: they are told from the files' names.
 */
record PostgresBinaries(Path jar) implements PgBinaryResolver {
    static PostgresBinaries ofMajor(int major) {
        return all().stream()
                .filter(binaries -> binaries.major() == major)
                .findFirst()
                .orElseThrow(() -> new TestAbortedException(
                        "no PostgreSQL " + major + " in " + folder() + "; build with -Pmatrix to have all majors"));
    }

    /** All there are, oldest first. */
    static List<PostgresBinaries> all() {
        try (Stream<Path> jars = Files.list(folder())) {
            return jars.filter(jar -> jar.toString().endsWith(".jar"))
                    .map(PostgresBinaries::new)
                    .sorted(Comparator.comparing(PostgresBinaries::major))
                    .toList();
        } catch (IOException missing) {
            throw new IllegalStateException(
                    "no servers in " + folder() + "; run Maven up to generate-test-resources first", missing);
        }
    }

    /** 9 for 9.6.24, 18 for 18.6.0. */
    int major() {
        return Integer.parseInt(jar.getFileName().toString().split("[.]", 2)[0]);
    }

    /** Where the jars are, and where they are unpacked. */
    static Path folder() {
        return BuildFolder.resolve("postgres");
    }

    /** The build copies only the jar of the platform it runs on, so both arguments are known to fit. */
    @Override
    public InputStream getPgBinary(String system, String machineHardware) throws IOException {
        ZipInputStream zip = new ZipInputStream(Files.newInputStream(jar));
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
            if (entry.getName().endsWith(".txz")) {
                return zip;
            }
        }
        zip.close();
        throw new IOException("no PostgreSQL in " + jar);
    }
}
