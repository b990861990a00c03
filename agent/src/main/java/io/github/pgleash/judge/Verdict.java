// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.judge;

/**
 * What we think of a backend, and why.
 *
 * @param evidence in words that an operator can check; empty when healthy
 */
public record Verdict(Kind kind, String evidence) {
    public static final Verdict HEALTHY = new Verdict(Kind.HEALTHY, "");

    public enum Kind {
        HEALTHY,
        /** Borrowed and never returned. */
        LEAKED,
        /** In a state that keeps others waiting, for longer than the options allow. */
        STUCK,
        /** Of an instance of this application that is gone. */
        ORPHANED
    }

    static Verdict stuck(String evidence) {
        return new Verdict(Kind.STUCK, evidence);
    }
}
