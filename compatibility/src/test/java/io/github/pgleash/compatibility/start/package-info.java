// SPDX-License-Identifier: Apache-2.0
/** What the agent does to a JVM that has no connection yet, or never gets one. */
@NullMarked
package io.github.pgleash.compatibility.start;

import org.jspecify.annotations.NullMarked;
