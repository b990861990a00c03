// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.options;

/** What a user wrote, made fit to be told in a complaint of one line. */
final class GivenText {
    private static final int LONGEST = 200;

    private GivenText() {}

    /** Without control characters, and not too long. */
    static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length() && i < LONGEST; i++) {
            char c = text.charAt(i);
            shown.append(Character.isISOControl(c) ? '?' : c);
        }
        return shown.append(text.length() > LONGEST ? "..." : "").toString();
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
