// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.report;

/** Text of others, made fit for one line of ours: no control characters, nothing that Swing would take for HTML. */
final class OneLine {
    private OneLine() {}

    static String of(String text) {
        StringBuilder line = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean breaks = Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
            line.append(breaks ? ' ' : c);
        }
        return line.length() > 0 && line.charAt(0) == '<' ? " " + line : line.toString();
    }
}
