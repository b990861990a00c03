// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.hostile;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Words to be called by, to run and to ask for. The same seed gives the same; {@code -Dpgleash.fuzz.seed=} for others. */
final class HostileWords {
    private static final int MEGABYTE = 1 << 20;
    private static final int LONGEST_NAME = 60;
    private static final String[] PIECES = {
        "<html>",
        "<b>",
        "<img src='http://example.org/x'>",
        "&lt;",
        "{}",
        "%s",
        "%n",
        "${jndi:x}",
        "\n",
        "\r\n",
        "\t",
        "\u001b[31m",
        "\u0007",
        "\u007f",
        "\u0085",
        "\u2028",
        "\u2029",
        "\u202e",
        "\u2066",
        "\u200b",
        "\ufeff",
        "\ud83d\udc18",
        "e\u0301",
        "ß",
        "東京",
        "'",
        "''",
        "\"",
        "\\",
        "$$",
        "$1",
        "--",
        "/*",
        "*/",
        "E'",
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
        "null",
        "true",
        "  ",
        "select ",
        "a",
        "zzz",
    };

    private final long seed = Long.getLong("pgleash.fuzz.seed", 20261122);
    private final Random random = new Random(seed);

    String seed() {
        return "seed " + seed;
    }

    /** May have half a surrogate pair, and no end. */
    String text() {
        int kind = random.nextInt(100);
        if (kind == 0) {
            return piece().repeat(MEGABYTE / 4);
        }
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(kind < 10 ? 200 : 12); i > 0; i--) {
            text.append(random.nextInt(20) == 0 ? "\ud83d" : piece());
        }
        return text.toString();
    }

    /** One that a server takes for the name of a role: whole characters, and not longer than it may be. */
    String name() {
        StringBuilder name = new StringBuilder(piece());
        for (int i = random.nextInt(8); i > 0; i--) {
            String piece = piece();
            if (bytes(name + piece) <= LONGEST_NAME) {
                name.append(piece);
            }
        }
        return name.toString();
    }

    /** Text that a server takes for a statement, be it a wrong one. */
    String statement() {
        String text = text().replace("\ud83d", "");
        return switch (random.nextInt(4)) {
            case 0 -> text;
            case 1 -> "select '" + text.replace("'", "''") + "'";
            case 2 -> "select 1 /* " + text.replace("/*", "").replace("*/", "") + " */";
            default -> "select 1 as \"" + text.replace("\"", "") + "\"";
        };
    }

    private String piece() {
        return PIECES[random.nextInt(PIECES.length)];
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
