// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Whether this JVM records an AOT cache for later ones (JEP 483, JEP 514). Woven classes are left out of such a cache,
 * and JDK 25.0.3 crashes when it reads one from which a handle's class is missing. Asked in premain, so without JMX, which
 * would know the JVM's arguments.
 */
final class AotTraining {
    private static final int FIRST_JAVA = 24;

    private AotTraining() {}

    static boolean isOn() {
        return Runtime.version().feature() >= FIRST_JAVA
                && (records(System.getenv("JAVA_TOOL_OPTIONS"))
                        || records(System.getenv("JDK_JAVA_OPTIONS"))
                        || records(commandLine()));
    }

    /** Whether a command line has one of the two ways to ask for it. */
    static boolean records(@Nullable String commandLine) {
        return commandLine != null
                && (commandLine.contains("-XX:AOTCacheOutput=") || commandLine.contains("-XX:AOTMode=record"));
    }

    /** Whole where there is {@code /proc}; {@link ProcessHandle} has but its first 4 kB, less than many a class path. */
    private static String commandLine() {
        try (FileInputStream file = new FileInputStream("/proc/self/cmdline")) {
            return new String(file.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException noSuchFile) {
            String[] arguments = ProcessHandle.current().info().arguments().orElse(new String[0]);
            return String.join(" ", arguments);
        }
    }
}
