// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** This module's {@code target}, where the build puts the servers and drivers; the same from Maven and from an IDE. */
public final class BuildFolder {
    private BuildFolder() {}

    public static Path resolve(String name) {
        return testClasses().resolveSibling(name);
    }

    private static Path testClasses() {
        try {
            return Path.of(BuildFolder.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
