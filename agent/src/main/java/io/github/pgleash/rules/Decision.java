// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.rules;

/**
 * What a plan has for one backend.
 *
 * @param rule the name of the rule that decides about it; empty where none does
 * @param why as the rest of a sentence that begins with "it"; empty where it is acted upon
 */
public record Decision(Candidate candidate, Standing standing, String rule, Fate fate, String why) {
    /** What happens to a backend. */
    public enum Fate {
        CANCEL,
        TERMINATE,
        /** Its rule only reports. */
        REPORT,
        /** It will be acted upon, if its verdict stands. */
        WAIT,
        SPARE;

        public boolean isAction() {
            return this == CANCEL || this == TERMINATE;
        }
    }
}
