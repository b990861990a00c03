// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.rules;

/** An expression that backtracks without end, and was given up. */
final class TooSlow extends Exception {
    private static final long serialVersionUID = 1;

    TooSlow(String expression) {
        super("the expression " + expression + " takes too long on this text", null, false, false);
    }
}
