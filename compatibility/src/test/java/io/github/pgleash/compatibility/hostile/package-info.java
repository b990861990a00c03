// SPDX-License-Identifier: Apache-2.0
/** Names, statements and ids as an enemy would choose them, through a real server and the real jar. */
@NullMarked
package io.github.pgleash.compatibility.hostile;

import org.jspecify.annotations.NullMarked;
