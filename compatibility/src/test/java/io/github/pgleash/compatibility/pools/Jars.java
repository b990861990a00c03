// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.pools;

import io.github.pgleash.compatibility.BuildFolder;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The jars that the build copied to {@code target/pools}; the pom alone knows their versions. */
final class Jars {
    private Jars() {}

    /** Sees the jars of these folders and, before them, the class path, where pgjdbc is. */
    static ClassLoader of(String... folders) throws IOException {
        List<URL> urls = new ArrayList<>();
        for (String folder : folders) {
            try (Stream<Path> jars = Files.list(BuildFolder.resolve("pools").resolve(folder))) {
                for (Path jar : jars.toList()) {
                    urls.add(jar.toUri().toURL());
                }
            }
        }
        return new URLClassLoader(
                String.join("+", folders), urls.toArray(new URL[0]), ClassLoader.getSystemClassLoader());
    }
}
