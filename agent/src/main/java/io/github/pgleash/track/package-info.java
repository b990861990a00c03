// SPDX-License-Identifier: Apache-2.0
/**
 * Which connections are open, and who has them. Knows only the events and the driver of {@code connect}.
 */
@NullMarked
package io.github.pgleash.track;

import org.jspecify.annotations.NullMarked;
