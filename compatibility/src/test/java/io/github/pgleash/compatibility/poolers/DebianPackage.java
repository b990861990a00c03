// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.poolers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.opentest4j.TestAbortedException;

/** A program that Debian has: installed when it is missing and we are root. What Debian starts by itself is let be. */
record DebianPackage(String name, String program) {
    private static final List<String> FOLDERS = List.of("/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin");

    /** The program; skips the test where it cannot be had. */
    Path require() {
        return find().or(this::install)
                .orElseThrow(() -> new TestAbortedException(
                        "needs the program " + program + ": install Debian's package " + name));
    }

    private Optional<Path> find() {
        return FOLDERS.stream()
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private Optional<Path> install() {
        if (!isRoot() || !Files.isExecutable(Path.of("/usr/bin/apt-get"))) {
            return Optional.empty();
        }
        try {
            ProcessBuilder apt = new ProcessBuilder("apt-get", "install", "-y", "-q", name)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD);
            apt.environment().put("DEBIAN_FRONTEND", "noninteractive");
            Process process = apt.start();
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                process.destroyForcibly();
            }
            return find();
        } catch (IOException noSuchCommand) {
            return Optional.empty();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }
}
