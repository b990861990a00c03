// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.benchmarks;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** What a JDK's own release file says. */
final class Jdk {
    private Jdk() {}

    static String version(Path home) throws IOException {
        Properties release = new Properties();
        try (Reader reader = Files.newBufferedReader(home.resolve("release"))) {
            release.load(reader);
        }
        return release.getProperty("JAVA_VERSION", "unknown").replace("\"", "");
    }
}
