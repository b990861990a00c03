// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.benchmarks;

import java.util.List;

/**
 * A JVM that takes part.
 *
 * @param name as the tables show it
 * @param jvmArguments what makes it different from the others
 */
record Contender(String name, List<String> jvmArguments) {
    Contender {
        jvmArguments = List.copyOf(jvmArguments);
    }
}
