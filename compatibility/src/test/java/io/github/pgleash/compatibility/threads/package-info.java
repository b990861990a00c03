// SPDX-License-Identifier: Apache-2.0
/** Virtual threads. */
@NullMarked
package io.github.pgleash.compatibility.threads;

import org.jspecify.annotations.NullMarked;
