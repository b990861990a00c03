// SPDX-License-Identifier: Apache-2.0
/** What is measured inside a JVM, by JMH: borrows and statements. */
@NullMarked
package io.github.pgleash.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
