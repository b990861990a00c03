// SPDX-License-Identifier: Apache-2.0
/** What is run in child JVMs, with one agent or another, and measured from outside. */
@NullMarked
package io.github.pgleash.benchmarks.programs;

import org.jspecify.annotations.NullMarked;
