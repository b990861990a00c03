// SPDX-License-Identifier: Apache-2.0
/**
 * What the user asked for: the table of options, where their values come from, and the record of all of them.
 */
@NullMarked
package io.github.pgleash.options;

import org.jspecify.annotations.NullMarked;
