// SPDX-License-Identifier: Apache-2.0
/** Frameworks and containers as people use them: executable jars, web applications. */
@NullMarked
package io.github.pgleash.compatibility.frameworks;

import org.jspecify.annotations.NullMarked;
