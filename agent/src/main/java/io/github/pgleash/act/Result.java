// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import io.github.pgleash.act.Receipt.Rung;

/** What came of an attempt, and why. */
record Result(Outcome outcome, String reason, Rung rung) {
    static Result refused(String reason) {
        return new Result(Outcome.REFUSED, reason, Rung.NONE);
    }

    static Result failed(String reason) {
        return new Result(Outcome.FAILED, reason, Rung.NONE);
    }
}
