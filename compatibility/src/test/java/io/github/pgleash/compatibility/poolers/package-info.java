// SPDX-License-Identifier: Apache-2.0
/** Real poolers between service and server. */
@NullMarked
package io.github.pgleash.compatibility.poolers;

import org.jspecify.annotations.NullMarked;
