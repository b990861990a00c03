// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash;

/** An application without any connection. */
final class ExitsWithSeven {
    private ExitsWithSeven() {}

    public static void main(String[] arguments) {
        System.out.println("main ran in " + System.getProperty("java.specification.version"));
        System.exit(7);
    }
}
