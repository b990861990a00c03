// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.rules;

/** Which of the backends that a rule matches it may act upon in one patrol. */
public enum Victims {
    /** One at a time: what waits behind it often goes on by itself then. */
    OLDEST,
    ALL,
    ALL_BUT_OLDEST
}
