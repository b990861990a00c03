// SPDX-License-Identifier: Apache-2.0
/** The same trial in every world that a service may live in: servers, drivers, JDKs, containers, other agents. */
@NullMarked
package io.github.pgleash.compatibility.worlds;

import org.jspecify.annotations.NullMarked;
