// SPDX-License-Identifier: Apache-2.0
/**
 * Who this application and JVM are, and the {@code application_name} that says so. Knows nothing else of ours.
 */
@NullMarked
package io.github.pgleash.tag;

import org.jspecify.annotations.NullMarked;
