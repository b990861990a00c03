// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

/**
 * Text that others chose, names of threads and pools for instance, made fit to stand within a line: no control
 * characters, nothing that turns the direction of writing, no half characters, and not too long.
 */
public final class Legible {
    private static final char UNKNOWN = '\ufffd';

    private Legible() {}

    /** @param longest in chars; what is longer ends in an ellipsis */
    public static String of(String text, int longest) {
        int end = text.length() <= longest ? text.length() : longest - 1;
        StringBuilder legible = new StringBuilder(end + 1);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < end && Character.isLowSurrogate(text.charAt(i + 1))) {
                legible.append(c).append(text.charAt(++i));
            } else if (Character.isSurrogate(c)) {
                legible.append(UNKNOWN);
            } else {
                legible.append(breaks(c) || turns(c) ? ' ' : c);
            }
        }
        return legible.append(text.length() > end ? "…" : "").toString();
    }

    private static boolean breaks(char c) {
        return Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
    }

    /** What makes the rest of a line read backwards. */
    private static boolean turns(char c) {
        return (c >= '\u202a' && c <= '\u202e') || (c >= '\u2066' && c <= '\u2069');
    }
}
