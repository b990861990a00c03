// SPDX-License-Identifier: Apache-2.0
/** The comparison: starts programs and servers, measures, prints tables. Knows the agent as a file only. */
@NullMarked
package io.github.pgleash.benchmarks;

import org.jspecify.annotations.NullMarked;
