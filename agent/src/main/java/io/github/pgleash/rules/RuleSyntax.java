// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.rules;

/** A rule file that cannot be used: the line, and what is wrong with it. */
public final class RuleSyntax extends Exception {
    private static final long serialVersionUID = 1;

    RuleSyntax(int line, String reason) {
        super("line " + line + ": " + reason, null, false, false);
    }
}
