// SPDX-License-Identifier: Apache-2.0
/** The driver is woven, whenever and by whatever class loader it is loaded. */
@NullMarked
package io.github.pgleash.compatibility.connect;

import org.jspecify.annotations.NullMarked;
