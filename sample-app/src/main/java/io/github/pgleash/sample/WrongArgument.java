// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.sample;

/** The user gave an argument that cannot be meant; the message says which and what to give instead. */
final class WrongArgument extends IllegalArgumentException {
    WrongArgument(String message) {
        super(message);
    }
}
