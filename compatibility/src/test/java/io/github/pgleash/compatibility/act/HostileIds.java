// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.act;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Ids that must lead nowhere, by chance: of strangers in every form, of our own with something wrong in it, and what
 * people and attackers type.
 */
final class HostileIds {
    private static final List<String> NONSENSE = List.of(
            "",
            " ",
            "null",
            "NULL",
            "String",
            "true",
            "@",
            "#",
            "@#",
            "1@",
            "@localhost:5432",
            "-1",
            "0",
            "-0",
            "+1",
            "1.0",
            "1e3",
            "0x10",
            "2147483647",
            "2147483648",
            "4294967297",
            "9223372036854775808",
            "99999999999999999999999999",
            "' OR '1'='1",
            "1; DROP TABLE goods",
            "%",
            "*",
            "{1,2,3}",
            "\u0000",
            "\uD800",
            "<html><b>1</b>",
            "1,2",
            "1 2",
            "\u202E1");

    private final Random random;
    private final List<Integer> own;
    private final List<Integer> others;
    private final String server;
    private final List<Long> starts;

    /**
     * @param own pids of ours
     * @param others pids of strangers, of the server's own processes, of nobody
     * @param server {@code host:port}
     * @param starts when strangers' and own backends were started
     */
    HostileIds(Random random, List<Integer> own, List<Integer> others, String server, List<Long> starts) {
        this.random = random;
        this.own = own;
        this.others = others;
        this.server = server;
        this.starts = starts;
    }

    @Nullable
    String next() {
        return switch (random.nextInt(100)) {
            case 0 -> null;
            case 1 -> "9".repeat(1 << 20);
            case 2 -> one(own) + "@" + "h".repeat(1 << 20);
            default ->
                switch (random.nextInt(5)) {
                    case 0 -> NONSENSE.get(random.nextInt(NONSENSE.size()));
                    case 1, 2 -> strangers(one(others).toString());
                    case 3 -> wrongOwn(one(own).toString());
                    default -> garbled(one(random.nextBoolean() ? own : others).toString());
                };
        };
    }

    private String strangers(String pid) {
        return switch (random.nextInt(6)) {
            case 0 -> pid;
            case 1 -> pid + "@" + server;
            case 2 -> pid + "@" + server.toUpperCase(Locale.ROOT);
            case 3 -> " " + pid + "\n";
            case 4 -> "000" + pid;
            default -> pid + "@" + server + "#" + one(starts);
        };
    }

    /** Our pid, with the server or the start of somebody else. */
    private String wrongOwn(String pid) {
        return switch (random.nextInt(8)) {
            case 0 -> pid + "@" + server + "#" + random.nextLong(Long.MAX_VALUE);
            case 1 -> pid + "@" + server + "#" + (one(starts) + 1);
            case 2 -> pid + "@" + server + "#0";
            case 3 -> pid + "@" + server + "#";
            case 4 -> pid + "@" + server + "#-" + one(starts);
            case 5 -> pid + "@elsewhere:5432#" + one(starts);
            case 6 -> pid + "@[::1]:5432";
            default -> pid + "@::1:" + server.replaceAll(".*:", "") + "#" + one(starts);
        };
    }

    private String garbled(String pid) {
        return switch (random.nextInt(10)) {
            case 0 -> "-" + pid;
            case 1 -> "+" + pid;
            case 2 -> pid + " OR true";
            case 3 -> pid + "@" + server + "' OR pid = " + one(own) + " --";
            case 4 -> pid + "); SELECT pg_terminate_backend(pid) FROM pg_stat_activity; --";
            case 5 -> pid.replaceFirst("(.)", "$1\n");
            case 6 -> pid.replaceFirst("(.)", "$1\u0000");
            case 7 -> inDigits(pid, '\u0660');
            case 8 -> inDigits(pid, '\uFF10');
            default -> one(own) + "@" + server + "#" + inDigits(one(starts).toString(), '\uFF10');
        };
    }

    /** The same number in other digits of Unicode, which many parsers take. */
    private static String inDigits(String number, char zero) {
        StringBuilder digits = new StringBuilder();
        number.chars().forEach(digit -> digits.append((char) (digit - '0' + zero)));
        return digits.toString();
    }

    private <T> T one(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
