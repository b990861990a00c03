// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.rules;

import io.github.pgleash.judge.Verdict;

/**
 * What a verdict is about, from round to round: another borrow, or another kind of verdict, is another case.
 *
 * @param connection its number
 * @param borrow its number; 0 when nobody is known to have borrowed the connection
 */
public record Key(long connection, long borrow, Verdict.Kind kind) {}
