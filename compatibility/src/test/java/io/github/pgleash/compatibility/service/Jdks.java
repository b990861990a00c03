// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.service;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/** The JDKs installed side by side with the one that runs the tests. */
public final class Jdks {
    private Jdks() {}

    /** Home of the JDK for services: {@code -Dpgleash.test.java.home=}, or the tests' own. */
    public static Path configured() {
        return Path.of(System.getProperty("pgleash.test.java.home", System.getProperty("java.home")));
    }

    /** Home of a JDK of that feature version; skips the test where there is none. */
    public static Path require(int feature) {
        Path neighbourhood =
                Path.of(System.getProperty("java.home")).toAbsolutePath().getParent();
        try (Stream<Path> homes = Files.list(neighbourhood)) {
            return homes.filter(home -> feature(home).equals(Optional.of(feature)))
                    .findFirst()
                    .orElseThrow(() -> new TestAbortedException("needs a JDK " + feature + " in " + neighbourhood));
        } catch (IOException unreadable) {
            throw new TestAbortedException("cannot look for a JDK " + feature, unreadable);
        }
    }

    /** As its {@code release} file says: {@code JAVA_VERSION="25.0.3"}. */
    private static Optional<Integer> feature(Path home) {
        Properties release = new Properties();
        try (InputStream file = Files.newInputStream(home.resolve("release"))) {
            release.load(file);
        } catch (IOException notAJdk) {
            return Optional.empty();
        }
        String version = release.getProperty("JAVA_VERSION", "0").replace("\"", "");
        return Optional.of(Runtime.Version.parse(version).feature());
    }
}
