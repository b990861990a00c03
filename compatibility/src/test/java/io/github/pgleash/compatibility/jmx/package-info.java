// SPDX-License-Identifier: Apache-2.0
/** The MBean as operators and scripts meet it, over real connectors. */
@NullMarked
package io.github.pgleash.compatibility.jmx;

import org.jspecify.annotations.NullMarked;
