// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.benchmarks;

import java.nio.file.Path;
import java.util.List;

/**
 * What all parts share.
 *
 * @param javaHomes the JDKs of the start-up part; the others run on the first
 * @param rounds how often each contender comes to its turn
 * @param quick whether this is only to see that everything runs: the figures mean nothing
 */
record Field(Ground ground, TestServer server, List<Path> javaHomes, int rounds, boolean quick) {
    Path javaHome() {
        return javaHomes.get(0);
    }

    /** A line for whoever waits. */
    void say(String progress) {
        System.err.println(progress);
    }
}
