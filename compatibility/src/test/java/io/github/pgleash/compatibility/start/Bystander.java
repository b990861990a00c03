// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.start;

import java.util.Arrays;

/** A program that has nothing to do with PostgreSQL. Tells which threads it has, and ends with a status of its own. */
final class Bystander {
    static final int STATUS = 3;

    private Bystander() {}

    public static void main(String[] arguments) {
        System.out.println("arguments " + Arrays.toString(arguments));
        Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .sorted()
                .forEach(name -> System.out.println("thread " + name));
        System.err.println("nothing to complain about");
        System.exit(STATUS);
    }
}
