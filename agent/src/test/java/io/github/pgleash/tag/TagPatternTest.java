// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.tag;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TagPatternTest {
    private static final String STANDARD = "{app}@{host}:{pid}";

    @Test
    void what_fits_is_left_as_it_is() {
        assertThat(render(STANDARD, "orders", "db-client.example.org")).isEqualTo("orders@db-client.example.org:4711");
    }

    @Test
    void a_domain_is_dropped_before_anything_is_shortened() {
        String application = "a".repeat(40);

        assertThat(render(STANDARD, application, "client.a-rather-long-domain.example.org"))
                .isEqualTo(application + "@client:4711");
        assertThat(render("{host}{host}", "", "client.a-rather-long-domain.example.org"))
                .as("no more domains than needed")
                .isEqualTo("client" + "client.a-rather-long-domain.example.org");
    }

    @Test
    void a_host_that_begins_with_a_dot_keeps_its_name() {
        assertThat(render(STANDARD, "a".repeat(50), ".hidden.example.org"))
                .startsWith("aaaa")
                .contains("@.hidden");
    }

    @Test
    void the_longest_part_is_shortened_first_and_from_its_end() {
        assertThat(render(STANDARD, "orders-" + "a".repeat(300), "client"))
                .isEqualTo("orders-" + "a".repeat(44) + "@client:4711");
        assertThat(render(STANDARD, "orders", "client-" + "h".repeat(300)))
                .isEqualTo("orders@client-" + "h".repeat(44) + ":4711");
        assertThat(render(STANDARD, "a".repeat(300), "h".repeat(300)))
                .isEqualTo("a".repeat(28) + "@" + "h".repeat(29) + ":4711");
    }

    @Test
    void pid_instance_and_fixed_text_stay_whole() {
        Map<String, String> values = Map.of(
                "app",
                "a".repeat(300),
                "host",
                "h".repeat(300),
                "pid",
                "2147483647",
                "instance",
                "0123abcd",
                "original",
                "o");

        assertThat(new TagPattern("<{pid}> {app} {instance} {host} <end>").render(values))
                .hasSize(63)
                .startsWith("<2147483647> aaa")
                .contains(" 0123abcd hhh")
                .endsWith("h <end>");
    }

    @Test
    void the_parts_give_way_to_the_fixed_text_altogether() {
        String fixed = "fifty-three-characters-and-a-pid-make-sixty-three----";

        assertThat(new TagPattern(fixed + "{pid}{app}").render(Map.of("app", "orders", "pid", "2147483647")))
                .isEqualTo(fixed + "2147483647");
    }

    @Test
    void more_fixed_text_than_fits_is_cut() {
        assertThat(new TagPattern("x".repeat(100) + "{pid}").render(Map.of("pid", "1")))
                .isEqualTo("x".repeat(63));
    }

    @Test
    void a_value_that_is_missing_is_empty() {
        assertThat(new TagPattern("{original}/{app}").render(Map.of())).isEqualTo("/");
        assertThat(new TagPattern("").render(Map.of("app", "x"))).isEmpty();
    }

    @Test
    void a_value_that_looks_like_a_part_is_not_read_again() {
        assertThat(render("{app}:{pid}", "{host}{pid}", "h")).isEqualTo("{host}{pid}:4711");
    }

    @ParameterizedTest
    @CsvSource({
        "Größenwahn, Grossenwahn", "ÄÖÜ, AOU", "ẞ, SS", "façade, facade", "naïve, naive", "Łódź, _odz", "ﬁn, fin",
                "Ⅷ, VIII",
        "x², x2", "東京, __", "🐘, _", "a🐘b, a_b", "Ωmega, _mega", "O'Brien, O'Brien", "'a\"b', 'a\"b'", "a\\b, a\\b",
        "ｆｕｌｌ, full", "한, ___", "a~b, a~b"
    })
    void letters_lose_their_accents_and_the_rest_becomes_underscores(String text, String ascii) {
        assertThat(TagPattern.ascii(text)).isEqualTo(ascii);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0000", "\n", "\r", "\t", "\u001b", "\u007f", "\u0080", "\u00a0x", "\u200b", "\u202e", "\ud800",
                "\udc00", "\ufeff"
            })
    void nothing_that_could_be_an_instruction_to_a_terminal_gets_through(String text) {
        assertThat(TagPattern.ascii(text)).matches("[ _]x?");
    }

    @Test
    void a_name_of_a_million_characters_is_no_trouble() {
        assertThat(render(STANDARD, "a".repeat(1_000_000), "h".repeat(1_000_000) + ".example.org"))
                .isEqualTo("a".repeat(28) + "@" + "h".repeat(29) + ":4711");
    }

    @Test
    void whatever_the_names_are_a_tag_is_short_and_printable() {
        long seed = 20260102;
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        String[] patterns = {
            STANDARD,
            "{app}",
            "{instance}/{original}",
            "{pid}{instance}{host}{app}{original}",
            "{host}.{host}.{host}",
            "pgleash of {app}@{host}:{pid}",
            "fifty-three-characters-and-a-pid-make-sixty-three----{pid}"
        };
        for (int i = 0; i < 100_000; i++) {
            Map<String, String> values = new HashMap<>();
            values.put("app", anything(random));
            values.put("host", anything(random));
            values.put("original", anything(random));
            values.put("pid", Integer.toString(random.nextInt(Integer.MAX_VALUE)));
            values.put("instance", "%08x".formatted(random.nextInt()));
            String pattern = patterns[random.nextInt(patterns.length)];

            String tag = new TagPattern(pattern).render(values);

            boolean whole = (!pattern.contains("{pid}") || tag.contains(values.get("pid")))
                    && (!pattern.contains("{instance}") || tag.contains(values.get("instance")));
            if (!whole || tag.getBytes(StandardCharsets.UTF_8).length > 63 || !isPrintable(tag)) {
                assertThat(tag).as(pattern + " " + values).isEmpty();
            }
        }
    }

    private static boolean isPrintable(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c <= '~');
    }

    private static String anything(Random random) {
        StringBuilder text = new StringBuilder();
        int kind = random.nextInt(5);
        for (int length = random.nextInt(random.nextInt(10) == 0 ? 300 : 40); length > 0; length--) {
            switch (kind) {
                case 0 -> text.append((char) random.nextInt(0x80));
                case 1 -> text.append((char) random.nextInt(0x10000)); // with halves of pairs
                case 2 -> text.appendCodePoint(random.nextInt(Character.MAX_CODE_POINT + 1));
                case 3 -> text.append("ab.-{}äß東\u0301🐘".charAt(random.nextInt(12)));
                default -> text.append((char) ('a' + random.nextInt(26)));
            }
        }
        return text.toString();
    }

    private static String render(String pattern, String application, String host) {
        return new TagPattern(pattern).render(Map.of("app", application, "host", host, "pid", "4711"));
    }
}
