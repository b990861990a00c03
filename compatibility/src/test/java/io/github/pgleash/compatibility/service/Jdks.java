// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.service;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
        return find(feature)
                .orElseThrow(() -> new TestAbortedException("needs a JDK " + feature + " in " + neighbourhood()));
    }

    /** Homes of JDKs of these feature versions, as far as there are any. */
    public static List<Path> neighbours(int... features) {
        List<Path> homes = new ArrayList<>();
        for (int feature : features) {
            find(feature).ifPresent(homes::add);
        }
        return homes;
    }

    private static Optional<Path> find(int feature) {
        try (Stream<Path> homes = Files.list(neighbourhood())) {
            return homes.filter(home -> feature(home).equals(Optional.of(feature)))
                    .findFirst();
        } catch (IOException unreadable) {
            throw new TestAbortedException("cannot look for a JDK " + feature, unreadable);
        }
    }

    private static Path neighbourhood() {
        return Path.of(System.getProperty("java.home")).toAbsolutePath().resolveSibling("");
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
