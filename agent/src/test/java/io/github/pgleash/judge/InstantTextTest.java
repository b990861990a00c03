// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstantTextTest {
    private static final long[] UNITS = {1, 1_000, 1_000_000, 1_000_000_000};

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1970-01-01T00:00:00Z",
                "1969-12-31T23:59:59.999Z",
                "2026-02-28T09:05:07.012Z",
                "2028-02-29T23:59:59.000100Z",
                "0000-01-01T00:00:00.000000001Z",
                "-0001-06-01T12:00:00Z",
                "+10000-01-01T00:00:00Z"
            })
    void it_is_written_as_it_is_read(String text) {
        assertThat(InstantText.of(Instant.parse(text))).isEqualTo(text);
    }

    @Test
    void it_is_what_java_writes() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 20_000; i++) {
            long unit = UNITS[random.nextInt(UNITS.length)];
            Instant instant = Instant.ofEpochSecond(
                    random.nextLong(-80_000_000_000L, 300_000_000_000L), random.nextInt(1_000_000_000) / unit * unit);
            assertThat(InstantText.of(instant)).isEqualTo(instant.toString());
        }
    }
}
