// SPDX-License-Identifier: Apache-2.0
/**
 * Looks, cancels, terminates and proves it. Knows judge, track and observe.
 */
@NullMarked
package io.github.pgleash.act;

import org.jspecify.annotations.NullMarked;
