// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.benchmarks.programs;

import java.lang.instrument.Instrumentation;

/** Does nothing: what it costs, any Java agent costs. */
public final class EmptyAgent {
    private EmptyAgent() {}

    public static void premain(String arguments, Instrumentation instrumentation) {}
}
