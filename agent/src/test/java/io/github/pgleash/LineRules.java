// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash;

import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What must hold of every text that people are shown, whoever chose the words in it. */
public final class LineRules {
    private LineRules() {}

    /** What is wrong with it as one line; null when nothing is. */
    public static @Nullable String trouble(String line, int longest) {
        if (line.length() > longest) {
            return "has " + line.length() + " characters";
        }
        if (line.startsWith("<")) {
            return "could be taken for markup";
        }
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            boolean turns = (c >= '\u202a' && c <= '\u202e') || (c >= '\u2066' && c <= '\u2069');
            if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029' || turns) {
                return "has character " + Integer.toHexString(c) + " at " + i;
            }
        }
        return isWellFormed(line) ? null : "has half a surrogate pair";
    }

    private static boolean isWellFormed(String text) {
        try {
            StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            return true;
        } catch (CharacterCodingException half) {
            return false;
        }
    }
}
