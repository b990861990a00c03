// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.rules;

import org.jspecify.annotations.Nullable;

/** Why a backend is left alone by every rule that does not include it by name. */
public enum Exemption {
    LISTEN("listen", "it listens for notifications"),
    ADVISORY("advisory", "it holds an advisory lock"),
    XA("xa", "it takes part in distributed transactions"),
    COPY("copy", "it runs COPY, or did last"),
    MIGRATION("migration", "it belongs to a migration of the database");

    private final String key;
    private final String reason;

    Exemption(String key, String reason) {
        this.key = key;
        this.reason = reason;
    }

    public String key() {
        return key;
    }

    String reason() {
        return reason;
    }

    static @Nullable Exemption named(String key) {
        for (Exemption exemption : values()) {
            if (exemption.key.equals(key)) {
                return exemption;
            }
        }
        return null;
    }
}
