// SPDX-License-Identifier: Apache-2.0
/** What goes over the wire between a driver and a server; {@link WireTap} is the door. */
@NullMarked
package io.github.pgleash.compatibility.wire;

import org.jspecify.annotations.NullMarked;
