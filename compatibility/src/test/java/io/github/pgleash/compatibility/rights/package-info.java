// SPDX-License-Identifier: Apache-2.0
/** What the role of the control connection may, how it logs in, and for how long its password is held. */
@NullMarked
package io.github.pgleash.compatibility.rights;

import org.jspecify.annotations.NullMarked;
