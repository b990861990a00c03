// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.rules;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BreakerTest {
    private static final long SECOND = 1_000_000_000;
    private static final String FRAME = "com.example.Report.monthly(Report.java:24)";

    private final Breaker breaker = new Breaker();

    @Test
    void actions_that_fail_in_a_row_stop_it() {
        assertThat(breaker.ended(false, "FAILED")).isNull();
        assertThat(breaker.ended(false, "FAILED")).isNull();
        assertThat(breaker.ended(false, "STILL_THERE, it hangs"))
                .isEqualTo("3 actions in a row did not help, the last one: STILL_THERE, it hangs");
    }

    @Test
    void one_that_helps_breaks_the_row_and_one_that_was_spared_does_not_count() {
        for (int i = 0; i < 10; i++) {
            assertThat(breaker.ended(false, "FAILED")).isNull();
            assertThat(breaker.ended(null, "REFUSED")).isNull();
            assertThat(breaker.ended(false, "FAILED")).isNull();
            assertThat(breaker.ended(true, "GONE")).isNull();
        }
    }

    @Test
    void the_same_frame_that_leaks_again_at_once_stops_it() {
        long now = 0;
        assertThat(breaker.leaked(FRAME, -100 * SECOND)).isNull();
        breaker.takenBack(FRAME, now);
        for (int i = 1; i < Breaker.LEAKS_AT_ONCE; i++) {
            assertThat(breaker.leaked(FRAME, now + 2 * SECOND)).isNull();
            now += 400 * SECOND;
            breaker.takenBack(FRAME, now);
        }
        assertThat(breaker.leaked(FRAME, now + 2 * SECOND))
                .isEqualTo("what is taken back is leaked again at once: 5 times in a row within 10 s, at " + FRAME);
    }

    @Test
    void a_frame_that_leaks_now_and_then_does_not() {
        for (int i = 0; i < 100; i++) {
            long time = i * (60 * SECOND);
            assertThat(breaker.leaked(FRAME, time - 30 * SECOND)).isNull();
            breaker.takenBack(FRAME, time);
        }
    }

    /** Ten slots are leaked, taken back one after the other; only what was borrowed since counts. */
    @Test
    void what_had_leaked_before_is_no_leak_at_once() {
        for (int i = 0; i < 20; i++) {
            assertThat(breaker.leaked(FRAME, -(long) i * SECOND)).isNull();
            breaker.takenBack(FRAME, (i + 1L) * SECOND);
        }
    }

    @Test
    void another_frame_is_another_matter() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(breaker.leaked("frame " + i, i * SECOND)).isNull();
            breaker.takenBack("frame " + i, i * SECOND);
        }
    }

    @Test
    void a_pool_that_stays_empty_stops_it() {
        assertThat(breaker.round(true, false)).isNull();
        for (int i = 1; i < Breaker.ROUNDS_EMPTY; i++) {
            assertThat(breaker.round(false, true)).isNull();
            assertThat(breaker.round(true, false)).isNull();
        }
        assertThat(breaker.round(true, true))
                .isEqualTo("slots were freed in 10 rounds, and borrowers find the pool empty all the same");
    }

    @Test
    void a_pool_that_was_empty_before_is_what_it_is_for() {
        for (int i = 0; i < 100; i++) {
            assertThat(breaker.round(false, true)).isNull();
        }
        assertThat(breaker.round(true, false)).isNull();
        assertThat(breaker.round(true, false)).isNull();
    }

    @Test
    void it_begins_anew_when_somebody_has_looked_into_it() {
        breaker.ended(false, "FAILED");
        breaker.ended(false, "FAILED");
        breaker.reset();
        assertThat(breaker.ended(false, "FAILED")).isNull();
    }
}
