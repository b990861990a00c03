// SPDX-License-Identifier: Apache-2.0
/** A service that does honest work and, when told to, misbehaves; and a demo that puts it on the leash. */
@NullMarked
package io.github.pgleash.sample;

import org.jspecify.annotations.NullMarked;
