// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.benchmarks.programs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** With the harness: says that it is ready, and goes on, or ends, when it is told to. */
final class Conversation {
    /** The line that the harness waits for. */
    static final String READY = "ready";

    private final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

    void sayReady() {
        System.out.println(READY);
    }

    /** Blocks until there is a line, or the harness has gone. */
    String awaitLine() throws IOException {
        String line = in.readLine();
        if (line == null) {
            throw new IOException("the harness has gone");
        }
        return line;
    }
}
