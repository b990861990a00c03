// SPDX-License-Identifier: Apache-2.0
/** What the server is told as application_name. */
@NullMarked
package io.github.pgleash.compatibility.tag;

import org.jspecify.annotations.NullMarked;
