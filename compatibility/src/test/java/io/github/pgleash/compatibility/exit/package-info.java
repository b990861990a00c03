// SPDX-License-Identifier: Apache-2.0
/** The exit of real JVMs: what becomes of their sessions, and that nothing holds the exit up. */
@NullMarked
package io.github.pgleash.compatibility.exit;

import org.jspecify.annotations.NullMarked;
