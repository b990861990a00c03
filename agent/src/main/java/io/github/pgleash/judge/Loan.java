// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.judge;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Who has a connection, as seen at one moment: the values of a borrow that a verdict needs.
 *
 * @param number of the borrow: a later one of the same connection is another loan
 * @param pool who lent it
 * @param pooled false when it was lent by the driver itself, without a pool
 * @param owner the thread that borrowed, name and id
 * @param ownerState what that thread does now: its state and frame, or that it has ended
 * @param from the application's frame that borrowed; null where the stack was not taken
 * @param exemption why it is never called leaked; null when there is no such reason
 */
public record Loan(
        long number,
        String pool,
        boolean pooled,
        String owner,
        Whereabouts whereabouts,
        String ownerState,
        Duration age,
        @Nullable String from,
        @Nullable String exemption) {

    /** Where the owner is, seen from the place where it borrowed. */
    public enum Whereabouts {
        /** The thread has ended: nobody is left who would return it, unless it was handed on. */
        ENDED,
        /** Its stack has left the method that borrowed, and that one's caller. */
        LEFT,
        STILL_THERE,
        /** The stack of the borrow was not taken, so there is nothing to compare with. */
        UNKNOWN
    }
}
