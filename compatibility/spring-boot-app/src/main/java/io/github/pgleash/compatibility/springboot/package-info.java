// SPDX-License-Identifier: Apache-2.0
/** An application as Spring Boot's guides would have it; knows nothing of pgleash. */
@NullMarked
package io.github.pgleash.compatibility.springboot;

import org.jspecify.annotations.NullMarked;
