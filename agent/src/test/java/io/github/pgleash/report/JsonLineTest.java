// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonLineTest {
    private static final int FUZZED = 10_000;
    private static final String NASTY =
            "\"\\/'<>&{}[]:,\n\r\t\b\f\0\u007f\u0085\u2028\u2029\ufeff\ud83d\ude00\ud800\udfff";

    private final ObjectMapper parser = new ObjectMapper();

    @Test
    void it_is_an_object_with_the_values_in_the_order_in_which_they_were_put() {
        String json = new JsonLine()
                .put("text", "a")
                .put("number", -12)
                .put("truth", true)
                .put("none", null)
                .toString();
        assertThat(json).isEqualTo("{\"text\":\"a\",\"number\":-12,\"truth\":true,\"none\":null}");
        assertThat(new JsonLine().toString()).isEqualTo("{}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\"}, {\"outcome\": \"GONE\"",
                "\\",
                "\\\"",
                "line\nline\r\nline",
                "\u0000\u0001\u001f\u007f",
                "</script><script>alert('x')</script>",
                "<html>&amp;",
                "pg\u2028pg\u2029",
                "größe, 大きさ, 😀",
            })
    void any_text_comes_back_from_a_parser_as_it_was(String text) throws JsonProcessingException {
        assertThat(reread(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "a\udc00b", "\udc00\ud800", "\ud800\ud800\udc00"})
    void half_a_surrogate_pair_is_replaced(String text) throws JsonProcessingException {
        assertThat(reread(text)).isEqualTo(whole(text)).contains("\ufffd");
    }

    @Test
    void ten_thousand_random_texts_come_back_and_are_one_harmless_line_each() throws JsonProcessingException {
        Random random = new Random(20261122);
        for (int i = 0; i < FUZZED; i++) {
            String text = random(random);
            assertThat(reread(text)).as("number " + i).isEqualTo(whole(text));
        }
    }

    private String reread(String text) throws JsonProcessingException {
        String json = new JsonLine().put("text", text).put(text, 1).toString();
        assertThat(json).matches("[ -~]*").doesNotContainPattern("[<>&']");
        JsonNode object = parser.readTree(json);
        assertThat(object.isObject()).isTrue();
        assertThat(object.get("text").isTextual()).isTrue();
        assertThat(object.has(whole(text))).isTrue();
        return object.get("text").textValue();
    }

    /** What is left of a text when it is written as UTF-8; there lone surrogates become question marks. */
    private static String whole(String text) {
        StringBuilder whole = new StringBuilder();
        text.codePoints().forEach(c -> whole.appendCodePoint(c >= 0xd800 && c <= 0xdfff ? 0xfffd : c));
        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(whole)).isTrue();
        return whole.toString();
    }

    private static String random(Random random) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(40);
        for (int i = 0; i < length; i++) {
            text.append(
                    switch (random.nextInt(4)) {
                        case 0 -> NASTY.charAt(random.nextInt(NASTY.length()));
                        case 1 -> (char) random.nextInt(0x20, 0x7f);
                        case 2 -> (char) random.nextInt(0x10000);
                        default -> (char) random.nextInt(0x100);
                    });
        }
        return text.toString();
    }
}
