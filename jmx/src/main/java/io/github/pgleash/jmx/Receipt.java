// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.jmx;

/**
 * The record of one action on one backend.
 *
 * @param time when the action began, ISO 8601, UTC, by this JVM's clock
 * @param action {@code cancel} or {@code terminate}
 * @param backend the id that was acted upon; as it was given, where it could not be resolved
 * @param outcome the name of an {@link Outcome}
 * @param reason why it was done or not done, and what to do next, as a sentence
 * @param by who asked: the JMX principal or {@code unauthenticated}, a rule, or {@code shutdown}
 * @param rung the means that brought the outcome: {@code none}, {@code sql} (pg_cancel_backend or
 *     pg_terminate_backend), {@code local} (the driver's own cancel request and closing the socket)
 * @param elapsedMillis from the request until the outcome was known
 * @param slotFreed whether a pool got its slot back by this
 * @param evidence what was known of the backend just before, one fact a line
 */
public record Receipt(
        String time,
        String action,
        String backend,
        String outcome,
        String reason,
        String by,
        String rung,
        long elapsedMillis,
        boolean slotFreed,
        String evidence) {}
