// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LiteralMaskTest {
    private static final String SECRET = "zecret";

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
            select 'zecret'                                  | select ?
            select 'it''s zecret', a                         | select ?, a
            select '''zecret''', a                           | select ?, a
            select '', a, ''''                               | select ?, a, ?
            select '--zecret', a                             | select ?, a
            select '/*', zecretary(), '*/'                   | select ?, zecretary(), ?
            select '"', a, '"'                               | select ?, a, ?
            select '$$', a, '$$'                             | select ?, a, ?
            select E'a\\'zecret', a                          | select ?, a
            select e'a\\\\', b, e'\\'zecret'                 | select ?, b, ?
            select E'zecret''zecret\\\\''', a                | select ?, a
            select U&'d\\0061t\\+000061 zecret', a           | select U&?, a
            select u&'zecret!' uescape '!', a                | select u&? uescape ?, a
            select B'1010', x'1F', X'zecret', b'01'          | select ?, ?, ?, ?
            select N'zecret', n'zecret'                      | select ?, ?
            select $$zecret$$, a                             | select ?, a
            select $$it's zecret$$, a                        | select ?, a
            select $q$ $$ zecret $$ $Q$ $q$, a               | select ?, a
            select $a_1$zecret$a_1$, a                       | select ?, a
            select $ä$zecret$ä$, a                           | select ?, a
            select $$$$, a                                   | select ?, a
            do $body$ begin perform 'zecret'; end $body$     | do ?
            select type'zecret', date '2026-01-01'           | select type?, date ?
            select 1, -2, 3.4, .5, 6., 7e8, 9E+10, 1.2e-3    | select ?, -?, ?, ?, ?, ?, ?, ?
            select 0x1F, 0b11, 0o17, 1_000_000               | select ?, ?, ?, ?
            select 0x1e-5, 1e5-5, 1-1, a-1                   | select ?-?, ?-?, ?-?, a-?
            select array[1,2], a[1], t.c[1:2]                | select array[?,?], a[?], t.c[?:?]
            select 12zecret                                  | select ?
            select $1, $2::int, $10+$11                      | select $1, $2::int, $10+$11
            select * from t1 join a1b2 on t1.c2=a1b2.x_3     | select * from t1 join a1b2 on t1.c2=a1b2.x_3
            select a$b, a$1, _1, ä1, 東1                     | select a$b, a$1, _1, ä1, 東1
            select "a 'quoted' 1 -- $$ name", "b""1", 'z'    | select "a 'quoted' 1 -- $$ name", "b""1", ?
            select U&"d\\0061ta", 'zecret'                   | select U&"d\\0061ta", ?
            select a -- zecret                               | select a ?
            select a /* zecret */, b                         | select a ?, b
            select a /* x /* zecret */ zecret */, b          | select a ?, b
            select a /*/ zecret */, b                        | select a ?, b
            select a /**/, b /***/, c                        | select a ?, b ?, c
            select a - - 1, b--1                             | select a - - ?, b?
            select a->>'zecret', a#>'{zecret}', a @> '[1]'   | select a->>?, a#>?, a @> ?
            select 1$$it is zecret$$, b                      | select ??, b
            select 1e--zecret                                | select ??
            select 1e+x, 1e-/*zecret*/b                      | select ?+x, ?-?b
            insert into t values (1,'zecret',null,true)      | insert into t values (?,?,null,true)
            alter role joe password 'zecret'                 | alter role joe password ?
            """)
    void what_could_be_a_value_is_replaced_and_nothing_else(String sql, String masked) {
        assertThat(mask(sql)).isEqualTo(masked);
    }

    @Test
    void a_comment_ends_with_its_line() {
        assertThat(mask("select a -- zecret\n, b --zecret\r, c")).isEqualTo("select a ?\n, b ?\r, c");
    }

    @Test
    void a_string_that_goes_on_after_a_line_break_is_masked_in_all_its_pieces() {
        assertThat(mask("select 'zecret'\n  'zecret', a")).isEqualTo("select ?\n  ?, a");
        assertThat(mask("select E'zecret'\n 'it\\'s zecret', a")).doesNotContain(SECRET);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select 'zecret",
                "select 'it''s zecret",
                "select 'zecret''",
                "select E'zecret\\",
                "select E'zecret\\'",
                "select U&'zecret",
                "select $$zecret",
                "select $$zecret$",
                "select $tag$zecret$tag",
                "select $tag$zecret$ta $$",
                "select a /* zecret",
                "select a /* /* zecret */",
                "select a /* zecret *",
                "select a -- zecret",
                "select x'zecret"
            })
    void a_literal_that_was_cut_off_is_masked_to_the_end(String sql) {
        assertThat(mask(sql)).doesNotContain(SECRET).endsWith("?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select 'it\\'s zecret', a",
                "select 'a\\'', 'zecret'",
                "select 'a\\\\\\'', ' zecret', b",
                "select 'C:\\dir\\', 'zecret'",
                "select n'\\' zecret'"
            })
    void where_the_servers_setting_decides_whether_a_string_has_ended_all_the_rest_is_masked(String sql) {
        assertThat(mask(sql)).doesNotContain(SECRET).endsWith("?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", "'", "\"", "$", "$$", "$a", "$1", "1", ".", "-", "/", "/*", "--", "E", "E'", "U&", "1e", "1e-",
                "0x", "\\", "\u0000", "🐘", "\ud800"
            })
    void the_shortest_statements_are_no_trouble(String sql) {
        assertThat(mask(sql).length()).isLessThanOrEqualTo(sql.length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"'", "\"", "$", "$a$", "/*", "E'\\", "a", "1", "1e-", "--", "$a", "\\'", "'\\"})
    void a_megabyte_of_anything_comes_to_an_end(String piece) {
        assertThat(mask(piece.repeat(1_000_000 / piece.length())).length()).isLessThanOrEqualTo(1_000_000);
    }

    @Test
    void no_secret_gets_through_whole_or_cut_off() {
        long seed = 20260103;
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 50_000; i++) {
            StringBuilder sql = new StringBuilder("select");
            for (int tokens = 1 + random.nextInt(8); tokens > 0; tokens--) {
                sql.append(pick(random, " ", " ", ",", "\n", "(", ")", " = ", "||", "::", ";", " -", " /", " - - "))
                        .append(random.nextInt(3) == 0 ? harmless(random) : secret(random));
            }
            String whole = sql.toString();
            String cut = whole.substring(0, random.nextInt(whole.length() + 1));
            for (String statement : new String[] {whole, cut}) {
                String masked = mask(statement);
                if (masked.contains(SECRET) || masked.contains("7391")) {
                    assertThat(masked).as(statement).isEmpty();
                }
            }
        }
    }

    private static String harmless(Random random) {
        return pick(
                random,
                "a",
                "t1",
                "a$b",
                "$1",
                "$22",
                "\"x\"",
                "\"it's\"",
                "\"--\"",
                "\"$$\"",
                "\"/*\"",
                "ä",
                "null",
                "E",
                "U&\"a\"",
                "_1",
                "e1",
                "n");
    }

    /** A token of every kind, with the secret in it among what could confuse. */
    private static String secret(Random random) {
        String noise = pick(random, "", " ", "\"", "--", "/*", "*/", "$", "$$", "$1", "\n", ";", "E", "\\ ", "(", "?");
        String text = noise + SECRET + pick(random, "", " ", "\"", "--", "/*", "$", "x", ";");
        return switch (random.nextInt(12)) {
            case 0 -> "'" + text + "'";
            case 1 -> "'" + text + "''" + SECRET + "'";
            case 2 -> pick(random, "E", "e") + "'" + text + "\\'" + SECRET + "\\\\'";
            case 3 -> "U&'" + text + "\\0061'";
            case 4 -> pick(random, "N", "n", "B", "b", "X", "x") + "'" + text + "'";
            case 5 -> "$$" + text.replace("$", "") + "'$$";
            case 6 -> "$q1$" + text + "$$'$q1$";
            case 7 -> "/*" + text.replace("*/", "").replace("/*", "/*x*/") + "'*/";
            case 8 -> "--" + text.replace("\n", "") + "'\"\n";
            case 9 ->
                pick(random, "7391", "1.7391", ".7391", "7391e5", "1e-7391", "0x7391", "1_7391", "7391e-7391", "7391.");
            case 10 -> "7391" + SECRET;
            default -> "'" + SECRET + "'\n'" + SECRET + "'";
        };
    }

    private static String pick(Random random, String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static String mask(String sql) {
        return LiteralMask.mask(sql);
    }
}
