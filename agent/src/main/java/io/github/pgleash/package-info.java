// SPDX-License-Identifier: Apache-2.0
/**
 * The entry and the composition root: the only package that knows all others, and that no other knows.
 *
 * <pre>
 * application thread   connect -> tag -> track
 * patrol thread        track + observe -> judge -> act -> report
 * operator (JMX)       report -> act -> report
 * </pre>
 */
@NullMarked
package io.github.pgleash;

import org.jspecify.annotations.NullMarked;
