// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.judge;

/**
 * What we think of a backend, how sure we are, and why.
 *
 * @param evidence in words that an operator can check, as the rest of a sentence that begins with "it"; empty when healthy
 */
public record Verdict(Kind kind, Confidence confidence, String evidence) {
    public static final Verdict HEALTHY = new Verdict(Kind.HEALTHY, Confidence.CERTAIN, "");

    public enum Kind {
        HEALTHY,
        /** Borrowed and never returned. */
        LEAKED,
        /** In a state that keeps others waiting, for longer than the options allow. */
        STUCK,
        /** Of an instance of this application that is gone. */
        ORPHANED
    }

    public enum Confidence {
        PROBABLE,
        CERTAIN
    }

    static Verdict leaked(Confidence confidence, String evidence) {
        return new Verdict(Kind.LEAKED, confidence, evidence);
    }

    /** That a state has lasted for so long is a fact. */
    static Verdict stuck(String evidence) {
        return new Verdict(Kind.STUCK, Confidence.CERTAIN, evidence);
    }
}
