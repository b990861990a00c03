// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.benchmarks.programs;

/** Never loads a JDBC driver. */
public final class Hello {
    private Hello() {}

    public static void main(String[] args) {
        System.out.println("hello");
    }
}
