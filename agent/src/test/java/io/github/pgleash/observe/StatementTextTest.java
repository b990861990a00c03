// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.observe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StatementTextTest {
    private static final String SQL = "select *\n\tfrom t1 where name = 'zecret' and \"Age\" > 42";

    @Test
    void off_shows_nothing() {
        assertThat(StatementText.OFF.of(SQL)).isNull();
    }

    @Test
    void masked_shows_what_is_no_value() {
        assertThat(StatementText.MASKED.of(SQL)).isEqualTo("select *  from t1 where name = ? and \"Age\" > ?");
    }

    @Test
    void full_shows_all_of_it() {
        assertThat(StatementText.FULL.of(SQL)).isEqualTo("select *  from t1 where name = 'zecret' and \"Age\" > 42");
    }

    @ParameterizedTest
    @EnumSource(StatementText.class)
    void no_statement_is_null(StatementText text) {
        assertThat(text.of(null)).isNull();
        assertThat(text.of("")).isNull();
    }

    @Test
    void control_characters_become_blanks() {
        assertThat(StatementText.FULL.of("a\u0000b\u001b[31m\r\nc\u0085d")).isEqualTo("a b [31m  c d");
    }

    @Test
    void long_statements_are_cut_after_masking() {
        String inList = "select * from t where id in (" + "12345, ".repeat(1_000) + "6)";

        assertThat(StatementText.MASKED.of(inList))
                .hasSizeLessThanOrEqualTo(1_000)
                .startsWith("select * from t where id in (?, ?, ")
                .doesNotContain("1234");
        assertThat(StatementText.FULL.of("a".repeat(2_000))).hasSize(1_000);
    }
}
