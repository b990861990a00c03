// SPDX-License-Identifier: Apache-2.0
/**
 * Automatic clean-up: hands verdicts to the rules, carries out their plan, and stops where it does no good.
 */
@NullMarked
package io.github.pgleash.cleanup;

import org.jspecify.annotations.NullMarked;
