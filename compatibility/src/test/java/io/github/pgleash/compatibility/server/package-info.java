// SPDX-License-Identifier: Apache-2.0
/** Real PostgreSQL servers for the tests; {@link PostgresServers} is the door. */
@NullMarked
package io.github.pgleash.compatibility.server;

import org.jspecify.annotations.NullMarked;
