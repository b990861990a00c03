// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgesTest {
    @ParameterizedTest
    @CsvSource({
        "PT0S, 0 ms",
        "PT0.0009S, 0 ms",
        "PT0.085S, 85 ms",
        "PT0.999S, 999 ms",
        "PT1S, 1 s",
        "PT1.999S, 1 s",
        "PT59.999S, 59 s",
        "PT1M, 1 min",
        "PT4M10S, 4 min 10 s",
        "PT59M59S, 59 min 59 s",
        "PT1H, 1 h",
        "PT1H59S, 1 h",
        "PT3H5M, 3 h 5 min",
        "PT23H59M59S, 23 h 59 min",
        "PT24H, 1 d",
        "PT49H, 2 d 1 h",
        "PT8760H, 365 d"
    })
    void an_age_is_read_in_two_units_at_most(Duration age, String text) {
        assertThat(Ages.text(age)).isEqualTo(text);
    }

    @Test
    void an_unknown_age_is_a_question_mark() {
        assertThat(Ages.text(null)).isEqualTo("?");
    }
}
