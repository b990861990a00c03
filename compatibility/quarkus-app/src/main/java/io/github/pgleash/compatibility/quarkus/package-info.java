// SPDX-License-Identifier: Apache-2.0
/** A service as people write them with Quarkus; it knows nothing of pgleash. */
@NullMarked
package io.github.pgleash.compatibility.quarkus;

import org.jspecify.annotations.NullMarked;
