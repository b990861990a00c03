// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.rules;

import java.util.regex.Pattern;

/**
 * Text that lets an expression read so many characters and no more: {@code (a+)+b} on thirty letters would otherwise
 * hold up the patrol for minutes.
 */
final class CountedText implements CharSequence {
    /** Some ten milliseconds; a sane expression needs a few thousand on the longest text. */
    private static final int MOST_READS = 1_000_000;

    private final String text;
    private int reads;

    private CountedText(String text) {
        this.text = text;
    }

    /** Whether the expression is found in the text. */
    static boolean find(Pattern expression, String text) throws TooSlow {
        try {
            return expression.matcher(new CountedText(text)).find();
        } catch (ReadTooOften | StackOverflowError endless) {
            throw new TooSlow(expression.pattern());
        }
    }

    @Override
    public char charAt(int index) {
        if (++reads > MOST_READS) {
            throw new ReadTooOften();
        }
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.substring(start, end);
    }

    @Override
    public String toString() {
        return text;
    }

    private static final class ReadTooOften extends RuntimeException {
        private static final long serialVersionUID = 1;

        ReadTooOften() {
            super(null, null, false, false);
        }
    }
}
