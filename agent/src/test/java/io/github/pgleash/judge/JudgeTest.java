// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.judge.Verdict.Kind;
import io.github.pgleash.observe.ActivityRow;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JudgeTest {
    private static final Judge ALL = judge(60, 30, 10);

    @Test
    void what_is_not_known_is_healthy() {
        assertThat(ALL.judge(null, null)).isEqualTo(Verdict.HEALTHY);
    }

    @ParameterizedTest
    @CsvSource({
        "idle in transaction,             , 59999, HEALTHY",
        "idle in transaction,             , 60000, STUCK",
        "idle in transaction,             , 60001, STUCK",
        "idle in transaction (aborted),   , 60000, STUCK",
        "active,                          , 29999, HEALTHY",
        "active,                          , 30000, STUCK",
        "active,                          , 30001, STUCK",
        "fastpath function call,          , 30000, STUCK",
        "active,                      Lock,  9999, HEALTHY",
        "active,                      Lock, 10000, STUCK",
        "active,                      Lock, 10001, STUCK",
        "active,                        IO, 10001, HEALTHY",
        "active,                    Client, 10001, HEALTHY",
        "idle,                            , 99999, HEALTHY",
        "disabled,                        , 99999, HEALTHY",
        ",                                , 99999, HEALTHY",
    })
    void a_backend_is_stuck_from_its_states_threshold_on(
            @Nullable String state, @Nullable String waits, long millis, Kind kind) {
        assertThat(ALL.judge(null, row(state, waits, Duration.ofMillis(millis))).kind())
                .isEqualTo(kind);
    }

    @Test
    void a_threshold_of_zero_is_off() {
        Judge off = judge(0, 0, 0);
        Duration age = Duration.ofDays(365);

        assertThat(off.judge(null, row("idle in transaction", null, age))).isEqualTo(Verdict.HEALTHY);
        assertThat(off.judge(null, row("active", null, age))).isEqualTo(Verdict.HEALTHY);
        assertThat(off.judge(null, row("active", "Lock", age))).isEqualTo(Verdict.HEALTHY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"idle in transaction", "active"})
    void an_age_that_the_server_hides_is_no_reason(String state) {
        assertThat(ALL.judge(null, row(state, "Lock", null))).isEqualTo(Verdict.HEALTHY);
    }

    @Test
    void waiting_for_a_lock_comes_before_running_for_long() {
        assertThat(ALL.judge(null, row("active", "Lock", Duration.ofSeconds(100)))
                        .evidence())
                .isEqualTo("has been waiting for a lock of pid 42, in a statement that began 1 min 40 s ago");
        assertThat(judge(60, 30, 0)
                        .judge(null, row("active", "Lock", Duration.ofSeconds(100)))
                        .evidence())
                .isEqualTo("has been running one statement for 1 min 40 s");
        assertThat(judge(60, 0, 0).judge(null, row("active", "Lock", Duration.ofSeconds(100))))
                .isEqualTo(Verdict.HEALTHY);
    }

    @Test
    void the_evidence_says_what_and_for_how_long() {
        assertThat(ALL.judge(null, row("idle in transaction (aborted)", null, Duration.ofSeconds(61)))
                        .evidence())
                .isEqualTo("has been idle in transaction (aborted) for 1 min 1 s, in a transaction that began 2 h ago");
    }

    @Test
    void idle_in_transaction_counts_from_the_last_statement_and_not_from_the_begin_of_the_transaction() {
        ActivityRow busy = row("idle in transaction", null, Duration.ofSeconds(1));

        assertThat(busy.transactionAge()).isGreaterThan(Duration.ofHours(1));
        assertThat(ALL.judge(null, busy)).isEqualTo(Verdict.HEALTHY);
    }

    private static Judge judge(long idleInTransaction, long active, long blocked) {
        return new Judge(new Thresholds(
                Duration.ZERO,
                Duration.ofSeconds(idleInTransaction),
                Duration.ofSeconds(active),
                Duration.ofSeconds(blocked)));
    }

    private static ActivityRow row(@Nullable String state, @Nullable String waits, @Nullable Duration age) {
        return new ActivityRow(
                1,
                1,
                Duration.ofDays(1),
                "joe",
                "shop",
                "tag",
                null,
                state,
                Instant.EPOCH,
                Instant.EPOCH,
                Instant.EPOCH,
                Duration.ofHours(2),
                age,
                age,
                waits,
                waits == null ? null : "relation",
                "select 'zecret'",
                "Lock".equals(waits) ? "42" : null,
                false);
    }
}
