// SPDX-License-Identifier: Apache-2.0
/** A web application; goes into a WAR and knows nothing of pgleash or the tests. */
@NullMarked
package io.github.pgleash.compatibility.frameworks.webapp;

import org.jspecify.annotations.NullMarked;
