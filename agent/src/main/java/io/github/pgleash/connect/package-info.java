// SPDX-License-Identifier: Apache-2.0
/**
 * Weaves the driver and the pools, and is the door through which woven code reaches the agent. Knows nothing else of ours.
 */
@NullMarked
package io.github.pgleash.connect;

import org.jspecify.annotations.NullMarked;
