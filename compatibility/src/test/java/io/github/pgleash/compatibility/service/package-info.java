// SPDX-License-Identifier: Apache-2.0
/** A child JVM as the service under test; {@link ServiceJvm} is the door. */
@NullMarked
package io.github.pgleash.compatibility.service;

import org.jspecify.annotations.NullMarked;
