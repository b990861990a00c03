// SPDX-License-Identifier: Apache-2.0
/**
 * Pure functions: tracked + observed + now gives a verdict. No clock, no input, no output.
 */
@NullMarked
package io.github.pgleash.judge;

import org.jspecify.annotations.NullMarked;
