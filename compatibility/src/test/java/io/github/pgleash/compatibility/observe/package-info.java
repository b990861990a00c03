// SPDX-License-Identifier: Apache-2.0
/** The list and its numbers against what the server itself says, and how little is asked for it. */
@NullMarked
package io.github.pgleash.compatibility.observe;

import org.jspecify.annotations.NullMarked;
