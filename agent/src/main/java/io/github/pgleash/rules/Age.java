// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.rules;

import org.jspecify.annotations.Nullable;

/** What of a backend a rule may match by its age. */
public enum Age {
    /** Since it was borrowed. */
    BORROW("borrowAge"),
    /** Since its state changed. */
    STATE("stateAge"),
    /** Since its transaction began. */
    TRANSACTION("transactionAge"),
    /** Since its current or last statement began. */
    STATEMENT("statementAge");

    private final String key;

    Age(String key) {
        this.key = key;
    }

    public String key() {
        return key;
    }

    static @Nullable Age named(String key) {
        for (Age age : values()) {
            if (age.key.equals(key)) {
                return age;
            }
        }
        return null;
    }
}
