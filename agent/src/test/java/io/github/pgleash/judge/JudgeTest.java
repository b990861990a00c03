// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.judge.Loan.Whereabouts;
import io.github.pgleash.judge.Verdict.Confidence;
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

    @ParameterizedTest
    @CsvSource({
        // borrowed, in its state: at, below and above the minute of leak.after
        "60000, 60000, ENDED,       idle,                true,  LEAKED,  CERTAIN",
        "60001, 60001, ENDED,       idle,                true,  LEAKED,  CERTAIN",
        "59999, 60000, ENDED,       idle,                true,  HEALTHY, CERTAIN",
        "60000, 59999, ENDED,       idle,                true,  HEALTHY, CERTAIN",
        "60000,      , ENDED,       idle,                true,  HEALTHY, CERTAIN",
        "60000, 60000, ENDED,       idle,                false, LEAKED,  PROBABLE",
        "60000, 60000, LEFT,        idle,                true,  LEAKED,  PROBABLE",
        "60000, 60000, LEFT,        idle,                false, LEAKED,  PROBABLE",
        "59999, 60000, LEFT,        idle,                true,  HEALTHY, CERTAIN",
        "60000, 59999, LEFT,        idle,                true,  HEALTHY, CERTAIN",
        "99999, 99999, STILL_THERE, idle,                true,  HEALTHY, CERTAIN",
        "99999, 99999, UNKNOWN,     idle,                true,  HEALTHY, CERTAIN",
        "60000, 60000, ENDED,       idle in transaction, true,  LEAKED,  CERTAIN",
        "60000, 60000, LEFT,        idle in transaction, true,  LEAKED,  PROBABLE",
        // whoever works with it, it is used
        "99999, 99999, ENDED,       active,              true,  HEALTHY, CERTAIN",
        "99999, 99999, LEFT,        active,              true,  HEALTHY, CERTAIN",
        "99999, 99999, ENDED,       fastpath function call, true, HEALTHY, CERTAIN",
        // what the server hides
        "60000, 60000, ENDED,                          , true,  LEAKED,  CERTAIN",
    })
    void a_borrow_is_leaked_when_it_is_old_and_unused_and_its_owner_has_gone(
            long borrowed,
            @Nullable Long inState,
            Whereabouts whereabouts,
            @Nullable String state,
            boolean pooled,
            Kind kind,
            Verdict.Confidence confidence) {
        Judge judge = judge(60, 0, 0, 0);
        Duration stateAge = inState == null ? null : Duration.ofMillis(inState);

        Verdict verdict = judge.judge(loan(borrowed, whereabouts, pooled, null), row(state, null, stateAge));

        assertThat(verdict.kind()).isEqualTo(kind);
        assertThat(verdict.confidence()).isEqualTo(confidence);
        assertThat(verdict.evidence().isEmpty()).isEqualTo(kind == Kind.HEALTHY);
    }

    @Test
    void without_the_servers_side_nothing_is_leaked() {
        assertThat(judge(60, 0, 0, 0).judge(loan(99_999, Whereabouts.ENDED, true, null), null))
                .isEqualTo(Verdict.HEALTHY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"it takes part in distributed transactions", "it listens for notifications"})
    void what_is_exempt_is_never_leaked_but_may_be_stuck(String exemption) {
        Loan exempt = loan(99_999, Whereabouts.ENDED, true, exemption);

        assertThat(judge(60, 0, 0, 0).judge(exempt, row("idle", null, Duration.ofDays(1))))
                .isEqualTo(Verdict.HEALTHY);
        assertThat(judge(60, 60, 0, 0)
                        .judge(exempt, row("idle in transaction", null, Duration.ofDays(1)))
                        .kind())
                .isEqualTo(Kind.STUCK);
    }

    @Test
    void leaked_comes_before_stuck() {
        ActivityRow row = row("idle in transaction", null, Duration.ofSeconds(100));

        assertThat(judge(60, 60, 0, 0)
                        .judge(loan(60_000, Whereabouts.LEFT, true, null), row)
                        .kind())
                .isEqualTo(Kind.LEAKED);
        assertThat(judge(60, 60, 0, 0)
                        .judge(loan(60_000, Whereabouts.STILL_THERE, true, null), row)
                        .kind())
                .isEqualTo(Kind.STUCK);
        assertThat(judge(60, 60, 0, 0)
                        .judge(loan(60_000, Whereabouts.UNKNOWN, true, null), row)
                        .kind())
                .isEqualTo(Kind.STUCK);
        assertThat(judge(60, 60, 0, 0)
                        .judge(loan(59_999, Whereabouts.ENDED, true, null), row)
                        .kind())
                .isEqualTo(Kind.STUCK);
    }

    @Test
    void leak_after_zero_is_off_but_for_what_is_stuck() {
        Loan loan = loan(Duration.ofDays(365).toMillis(), Whereabouts.ENDED, true, null);

        assertThat(judge(0, 0, 0, 0).judge(loan, row("idle", null, Duration.ofDays(365))))
                .isEqualTo(Verdict.HEALTHY);
        assertThat(judge(0, 60, 0, 0)
                        .judge(loan, row("idle in transaction", null, Duration.ofDays(365)))
                        .kind())
                .isEqualTo(Kind.STUCK);
        assertThat(judge(0, 0, 0, 0).isSuspect(Duration.ofDays(365))).isFalse();
    }

    @Test
    void the_evidence_of_a_leak_says_who_and_when_and_where() {
        ActivityRow row = row("idle", null, Duration.ofSeconds(80));

        assertThat(judge(60, 0, 0, 0)
                        .judge(loan(90_000, Whereabouts.ENDED, true, null), row)
                        .evidence())
                .isEqualTo("was borrowed 1 min 30 s ago by worker #7, a thread that has ended"
                        + ", and the session was last used 1 min 20 s ago");
        assertThat(judge(60, 0, 0, 0)
                        .judge(loan(90_000, Whereabouts.LEFT, true, null), row)
                        .evidence())
                .isEqualTo("was borrowed 1 min 30 s ago by worker #7, which has left shop.Orders.list(Orders.java:9)"
                        + " and is now waiting in shop.Main.idle(Main.java:3)"
                        + ", and the session was last used 1 min 20 s ago");
    }

    @ParameterizedTest
    @CsvSource({"59999, false", "60000, true", "60001, true"})
    void a_borrow_is_suspect_from_leak_after_on(long millis, boolean suspect) {
        assertThat(judge(60, 0, 0, 0).isSuspect(Duration.ofMillis(millis))).isEqualTo(suspect);
    }

    @ParameterizedTest
    @CsvSource({
        "30, 0, 0,  true, 29999, false",
        "30, 0, 0,  true, 30000, true",
        "30, 0, 0, false, 99999, false",
        "0, 30, 0, false, 30000, true",
        "0, 30, 0,  true, 29999, false",
        "0, 0, 30, false, 30000, true",
        "0, 0, 30, false, 29999, false",
        "0, 0, 0,   true, 99999, false",
    })
    void a_borrow_may_be_stuck_from_the_first_threshold_that_fits(
            long idleInTransaction, long active, long blocked, boolean inTransaction, long millis, boolean may) {
        assertThat(judge(0, idleInTransaction, active, blocked).mayBeStuck(Duration.ofMillis(millis), inTransaction))
                .isEqualTo(may);
    }

    @ParameterizedTest
    @CsvSource({
        "60000, ENDED,       true,  , LEAKED",
        "59999, ENDED,       true,  , HEALTHY",
        "60000, ENDED,       false, , HEALTHY",
        "60000, LEFT,        true,  , HEALTHY",
        "60000, STILL_THERE, true,  , HEALTHY",
        "60000, UNKNOWN,     true,  , HEALTHY",
        "60000, ENDED,       true,  it listens, HEALTHY",
    })
    void without_the_server_only_what_a_dead_thread_has_left_is_leaked_and_only_probably(
            long millis, Whereabouts whereabouts, boolean quiet, @Nullable String exemption, Kind kind) {
        Verdict verdict = judge(60, 0, 0, 0).judgeUnasked(loan(millis, whereabouts, true, exemption), null, quiet);
        assertThat(verdict.kind()).isEqualTo(kind);
        assertThat(verdict.equals(Verdict.HEALTHY) || verdict.confidence() == Confidence.PROBABLE)
                .isTrue();
        assertThat(judge(0, 0, 0, 0).judgeUnasked(loan(millis, whereabouts, true, exemption), null, quiet))
                .isEqualTo(Verdict.HEALTHY);
    }

    private static Loan loan(long ageMillis, Whereabouts whereabouts, boolean pooled, @Nullable String exemption) {
        return new Loan(
                3,
                "orders",
                pooled,
                "worker #7",
                whereabouts,
                "waiting in shop.Main.idle(Main.java:3)",
                Duration.ofMillis(ageMillis),
                "shop.Orders.list(Orders.java:9)",
                exemption);
    }

    private static Judge judge(long leak, long idleInTransaction, long active, long blocked) {
        return new Judge(new Thresholds(
                Duration.ofSeconds(leak),
                Duration.ofSeconds(idleInTransaction),
                Duration.ofSeconds(active),
                Duration.ofSeconds(blocked)));
    }

    private static Judge judge(long idleInTransaction, long active, long blocked) {
        return judge(0, idleInTransaction, active, blocked);
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
