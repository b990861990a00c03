// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.observe;

import org.jspecify.annotations.Nullable;

/** How statement text may be shown: cut to a readable length, control characters as spaces. */
public enum StatementText {
    /** Not at all. */
    OFF {
        @Override
        @Nullable
        String shown(String query) {
            return null;
        }
    },
    /** With {@code ?} for everything that could be a value; see {@link LiteralMask}. */
    MASKED {
        @Override
        String shown(String query) {
            return plain(LiteralMask.mask(query));
        }
    },
    /** As the server shows it. */
    FULL {
        @Override
        String shown(String query) {
            return plain(query);
        }
    };

    private static final int LONGEST = 1_000;

    abstract @Nullable String shown(String query);

    /** The text as it may be shown; null when there is none or it may not. */
    public @Nullable String of(@Nullable String query) {
        return query == null || query.isEmpty() ? null : shown(query);
    }

    private static String plain(String text) {
        StringBuilder plain = new StringBuilder(Math.min(text.length(), LONGEST));
        for (int i = 0; i < text.length() && plain.length() < LONGEST; i++) {
            char c = text.charAt(i);
            plain.append(Character.isISOControl(c) ? ' ' : c);
        }
        return plain.toString().strip();
    }
}
