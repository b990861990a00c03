// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

/** How an action ended; the meanings are told in the contract, {@code io.github.pgleash.jmx.Outcome}. */
public enum Outcome {
    GONE,
    CANCELLED,
    ALREADY_GONE,
    STILL_THERE,
    REFUSED,
    DENIED,
    FAILED,
    DRY_RUN
}
