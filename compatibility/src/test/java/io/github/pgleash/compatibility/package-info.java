// SPDX-License-Identifier: Apache-2.0
/** The real jar, attached to real JVMs with real drivers, pools and servers. */
@NullMarked
package io.github.pgleash.compatibility;

import org.jspecify.annotations.NullMarked;
