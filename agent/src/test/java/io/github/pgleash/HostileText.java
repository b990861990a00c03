// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash;

import java.util.Random;

/**
 * Text as an enemy would choose it: markup, control characters, half surrogate pairs, marks that turn the direction of
 * writing, quotes that do not end, format strings, and lengths up to a megabyte. The same seed gives the same texts;
 * {@code -Dpgleash.fuzz.seed=} for others.
 */
public final class HostileText {
    private static final int MEGABYTE = 1 << 20;

    private static final String[] PIECES = {
        "<html>",
        "</html>",
        "<img src='http://example.org/x'>",
        "<script>",
        "&lt;",
        "{}",
        "{0}",
        "%s",
        "%n",
        "${jndi:x}",
        "\n",
        "\r\n",
        "\t",
        "\u0000",
        "\u001b[31m",
        "\u0007",
        "\b",
        "\u007f",
        "\u0085",
        "\u2028",
        "\u2029",
        "\u202e",
        "\u2066",
        "\u200b",
        "\ufeff",
        "\ud83d",
        "\udc18",
        "\ud83d\udc18",
        "e\u0301",
        "ß",
        "東京",
        "\uffff",
        "'",
        "''",
        "\"",
        "`",
        "\\",
        "\\'",
        "$$",
        "$tag$",
        "$1",
        "--",
        "/*",
        "*/",
        "E'",
        "U&'",
        ";",
        "=",
        ",",
        ":",
        "@",
        "#",
        "/",
        ".",
        "{",
        "}",
        "(",
        ")",
        "0",
        "1e9",
        "-1",
        "99999999999999999999",
        "null",
        "true",
        "on",
        "  ",
        "select ",
        "update t set a = ",
        "password",
        "pgleash ",
        "a",
        "zzz",
    };

    private final Random random;
    private final String seed;

    public HostileText() {
        long number = Long.getLong("pgleash.fuzz.seed", 20261122);
        random = new Random(number);
        seed = "seed " + number;
    }

    /** For the description of an assertion, and for who wants to see it again. */
    public String seed() {
        return seed;
    }

    public Random random() {
        return random;
    }

    /** Mostly short; seldom very long. */
    public String next() {
        int kind = random.nextInt(1_000);
        if (kind == 0) {
            return piece().repeat(MEGABYTE / 8);
        }
        StringBuilder text = new StringBuilder();
        int pieces = kind < 50 ? random.nextInt(400) : random.nextInt(12);
        for (int i = 0; i < pieces; i++) {
            text.append(random.nextInt(10) == 0 ? noise() : piece());
        }
        return text.toString();
    }

    /** A megabyte of one piece. */
    public String megabyte() {
        return piece().repeat(MEGABYTE);
    }

    /** One of them. */
    @SafeVarargs
    public final <T> T oneOf(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    public String piece() {
        return PIECES[random.nextInt(PIECES.length)];
    }

    private char noise() {
        return (char) random.nextInt(Character.MAX_VALUE + 1);
    }
}
