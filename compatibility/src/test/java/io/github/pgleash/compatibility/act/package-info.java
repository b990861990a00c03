// SPDX-License-Identifier: Apache-2.0
/** Cancelling and terminating, one and many, and whom it never hits. */
@NullMarked
package io.github.pgleash.compatibility.act;

import org.jspecify.annotations.NullMarked;
