// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.rules;

/** A rule file that cannot be used: the line, and what is wrong with it. */
public final class RuleSyntax extends Exception {
    private static final long serialVersionUID = 1;
    private static final int LONGEST = 500;

    RuleSyntax(int line, String reason) {
        super("line " + line + ": " + printable(reason), null, false, false);
    }

    /** It may quote the file, in which anything can stand. */
    private static String printable(String reason) {
        StringBuilder text = new StringBuilder(reason);
        if (text.length() > LONGEST) {
            text.setLength(LONGEST);
            text.append('…');
        }
        for (int i = 0; i < text.length(); i++) {
            switch (Character.getType(text.charAt(i))) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.SURROGATE,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR -> text.setCharAt(i, '?');
                default -> {}
            }
        }
        return text.toString();
    }
}
