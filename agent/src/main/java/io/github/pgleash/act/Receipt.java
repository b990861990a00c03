// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import java.time.Duration;
import java.time.Instant;

/**
 * The record of one action on one backend.
 *
 * @param backend id of the backend; as it was given, where it could not be resolved
 * @param reason why it was done or not done, and the remedy, as a sentence
 * @param by who asked
 * @param evidence what was known of the backend just before
 */
public record Receipt(
        Instant time,
        Action action,
        String backend,
        Outcome outcome,
        String reason,
        String by,
        Rung rung,
        Duration elapsed,
        boolean slotFreed,
        String evidence) {

    public enum Action {
        CANCEL,
        TERMINATE
    }

    /** The means that brought the outcome. */
    public enum Rung {
        NONE,
        /** {@code pg_cancel_backend}, {@code pg_terminate_backend}. */
        SQL,
        /** The driver's own cancel request and closing the socket: needs no slot and no privilege. */
        LOCAL
    }
}
