// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The first process of a server that runs here, known from the {@code postmaster.pid} in its data directory. */
record Postmaster(Path data) {
    void signal(String name) {
        signal(name, pid());
    }

    /** The file goes with the process; the process itself may stay in the process table for a while, as a zombie. */
    boolean isGone() {
        return !Files.exists(pidFile());
    }

    /** Sends a signal to the postmaster or to one of its backends; the JDK knows only two of them. */
    static void signal(String name, long pid) {
        try {
            Process kill = new ProcessBuilder(List.of("kill", "-" + name, Long.toString(pid)))
                    .inheritIO()
                    .start();
            if (kill.waitFor() != 0) {
                throw new IllegalStateException("could not send SIG" + name + " to process " + pid);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("signals need the command kill", failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private long pid() {
        try {
            return Long.parseLong(Files.readAllLines(pidFile(), UTF_8).get(0));
        } catch (IOException failed) {
            throw new UncheckedIOException("no server runs in " + data, failed);
        }
    }

    private Path pidFile() {
        return data.resolve("postmaster.pid");
    }
}
