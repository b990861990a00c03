// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OneLineTest {
    @Test
    void what_would_break_a_line_or_steer_a_terminal_becomes_a_blank() {
        assertThat(OneLine.of("a\nb\rc\td\u0000e\u001b[31mf\u007fg\u0085h\u2028i\u2029j"))
                .isEqualTo("a b c d e [31mf g h i j");
    }

    @Test
    void what_swing_would_take_for_html_is_plain_text() {
        assertThat(OneLine.of("<html><img src='http://example.org'>")).startsWith(" <html>");
        assertThat(OneLine.of("a <b> c")).isEqualTo("a <b> c");
        assertThat(OneLine.of("\n<html>")).isEqualTo(" <html>");
    }

    @Test
    void everything_else_stays() {
        assertThat(OneLine.of("")).isEmpty();
        assertThat(OneLine.of("Größe 東京 🐘 'x' \"y\"")).isEqualTo("Größe 東京 🐘 'x' \"y\"");
    }
}
