// SPDX-License-Identifier: Apache-2.0
/**
 * What automatic clean-up would do, as pure functions: rules + verdicts + how long they have stood gives a plan. No
 * clock, no input, no output; knows the values of judge.
 */
@NullMarked
package io.github.pgleash.rules;

import org.jspecify.annotations.NullMarked;
