// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.rules;

import org.jspecify.annotations.Nullable;

/** What of a backend a rule may match by text, under the names that the list of backends has. */
public enum Column {
    SERVER("server"),
    USENAME("usename"),
    DATNAME("datname"),
    STATE("state"),
    QUERY("query"),
    POOL("pool"),
    OWNER("owner"),
    BORROWED_FROM("borrowedFrom");

    private final String key;

    Column(String key) {
        this.key = key;
    }

    public String key() {
        return key;
    }

    static @Nullable Column named(String key) {
        for (Column column : values()) {
            if (column.key.equals(key)) {
                return column;
            }
        }
        return null;
    }
}
