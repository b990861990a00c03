// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash;

import java.lang.instrument.Instrumentation;
import org.jspecify.annotations.Nullable;

/**
 * Where the JVM enters the agent, at start or on attach. Compiled for Java 8, and the one call of the rest is
 * not resolved before it is made, so that a JVM that is too old gets one line and goes on, instead of an
 * UnsupportedClassVersionError that stops it. Not by reflection, which from Java 18 on spins twenty classes for a first
 * call and takes longer than all else here. Touches no logging and no JMX. Called by the main thread, or by the attach listener.
 */
public final class Premain {
    static final int OLDEST_JAVA = 17;

    private Premain() {}

    public static void premain(String arguments, Instrumentation instrumentation) {
        start(arguments, instrumentation, false);
    }

    public static void agentmain(String arguments, Instrumentation instrumentation) {
        start(arguments, instrumentation, true);
    }

    private static void start(String arguments, Instrumentation instrumentation, boolean attached) {
        try {
            String version = System.getProperty("java.specification.version");
            if (!supports(version)) {
                System.err.println("pgleash: needs Java " + OLDEST_JAVA + " or newer and this JVM is Java " + version
                        + "; it stays out, the application starts without it");
                return;
            }
            Agent.start(arguments, instrumentation, attached);
        } catch (Throwable trouble) {
            System.err.println("pgleash: could not start and stays out: " + trouble
                    + (trouble.getCause() == null ? "" : ", caused by " + trouble.getCause()));
        }
    }

    /** Whether a {@code java.specification.version} is new enough: "1.8" and "11" are not, "17" and "25" are. */
    static boolean supports(@Nullable String specificationVersion) {
        try {
            return specificationVersion != null
                    && !specificationVersion.startsWith("1.")
                    && Integer.parseInt(specificationVersion) >= OLDEST_JAVA;
        } catch (NumberFormatException notAVersion) {
            return false;
        }
    }
}
