// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.rules;

/** What a rule does. */
public enum Measure {
    /** Nothing but what is done anyhow: the verdict is told. */
    REPORT,
    CANCEL,
    TERMINATE
}
