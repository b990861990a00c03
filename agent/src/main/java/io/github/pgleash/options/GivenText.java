// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.options;

/** What a user wrote, made fit to be told in a complaint of one line. */
final class GivenText {
    private static final int LONGEST = 200;
    private static final String PASSWORD = "password";

    private GivenText() {}

    /**
     * Without what would not fit into a line, and not too long. What follows a password's key is left out: with a wrong
     * separator, as in {@code query=full;control.password=secret}, it would be the value of another option.
     */
    static String shown(String text) {
        int end = endOfHarmless(text);
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < end && i < LONGEST; i++) {
            shown.append(isPlain(text, i) ? text.charAt(i) : '?');
        }
        return shown.append(text.length() > shown.length() ? "..." : "").toString();
    }

    private static int endOfHarmless(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.regionMatches(true, i, PASSWORD, 0, PASSWORD.length())) {
                return i + PASSWORD.length();
            }
        }
        return text.length();
    }

    /** Neither breaks the line nor turns it around, and is no half of a character. */
    private static boolean isPlain(String text, int i) {
        char c = text.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 < Math.min(text.length(), LONGEST) && Character.isLowSurrogate(text.charAt(i + 1));
        }
        if (Character.isLowSurrogate(c)) {
            return i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
        }
        boolean turns = (c >= '\u202a' && c <= '\u202e') || (c >= '\u2066' && c <= '\u2069');
        return !turns && !Character.isISOControl(c) && c != '\u2028' && c != '\u2029';
    }

    /** As far as it could be a key: of {@code control.password:secret=} the first half. */
    static String key(String text) {
        int end = 0;
        while (end < text.length()
                && (Character.isLetterOrDigit(text.charAt(end)) || ".-_".indexOf(text.charAt(end)) >= 0)) {
            end++;
        }
        return shown(text.substring(0, end));
    }
}
