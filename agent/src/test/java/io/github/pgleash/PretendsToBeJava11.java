// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash;

/** An agent that comes before ours: the JVM takes this property from no command line. */
public final class PretendsToBeJava11 {
    private PretendsToBeJava11() {}

    public static void premain(String arguments) {
        System.setProperty("java.specification.version", "11");
    }
}
