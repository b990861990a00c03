// SPDX-License-Identifier: Apache-2.0
/** Which connections are listed, and until when. */
@NullMarked
package io.github.pgleash.compatibility.track;

import org.jspecify.annotations.NullMarked;
