// SPDX-License-Identifier: Apache-2.0
/** Who borrowed each connection, which borrows are called leaked and which never, and what becomes of those that are. */
@NullMarked
package io.github.pgleash.compatibility.leaks;

import org.jspecify.annotations.NullMarked;
