// SPDX-License-Identifier: Apache-2.0
/**
 * What the server says: the one query on {@code pg_stat_activity}, and the control connection that asks it. Knows nothing else of ours.
 */
@NullMarked
package io.github.pgleash.observe;

import org.jspecify.annotations.NullMarked;
