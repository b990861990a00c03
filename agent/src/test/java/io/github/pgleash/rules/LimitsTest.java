// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.judge.Verdict.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What counts by the monotonic clock: how long a verdict has stood, and how many actions are left. */
class LimitsTest {
    private static final Key LEAK = new Key(1, 1, Kind.LEAKED);
    private static final long START = Long.MAX_VALUE - seconds(7); // it overflows on the way

    private final Standings standings = new Standings(Duration.ofSeconds(30));
    private final Budget budget = new Budget(2, Duration.ofMinutes(1));

    @Test
    void a_verdict_stands_from_the_round_that_gave_it_first() {
        standings.round(Set.of(), START);
        standings.round(Set.of(LEAK), START + seconds(10));
        assertStood(10, 0);
        standings.round(Set.of(LEAK), START + seconds(20));
        standings.round(Set.of(LEAK), START + seconds(30));
        assertStood(30, 20);
        assertStood(35, 25);
    }

    @Test
    void a_verdict_that_went_away_stands_anew() {
        standings.round(Set.of(LEAK), START);
        standings.round(Set.of(LEAK), START + seconds(10));
        standings.round(Set.of(), START + seconds(20));
        standings.round(Set.of(LEAK), START + seconds(30));
        assertStood(30, 0);
    }

    @Test
    void another_borrow_of_the_connection_or_another_kind_of_verdict_stands_for_itself() {
        standings.round(Set.of(LEAK), START);
        Key borrow = new Key(1, 2, Kind.LEAKED);
        Key kind = new Key(1, 1, Kind.STUCK);
        standings.round(Set.of(LEAK, borrow, kind), START + seconds(10));
        assertStood(10, 10);
        assertThat(standings.of(borrow, START + seconds(10)).stood()).isZero();
        assertThat(standings.of(kind, START + seconds(10)).stood()).isZero();
    }

    @Test
    void a_long_pause_of_the_machine_does_not_count() {
        standings.round(Set.of(LEAK), START);
        standings.round(Set.of(LEAK), START + seconds(30));
        assertStood(30 + 8 * 3600, 30);
        standings.round(Set.of(LEAK), START + seconds(30 + 8 * 3600));
        assertStood(30 + 8 * 3600, 30);
        standings.round(Set.of(LEAK), START + seconds(40 + 8 * 3600));
        assertStood(40 + 8 * 3600, 40);
    }

    @Test
    void what_was_done_is_remembered_as_long_as_the_verdict_stands() {
        standings.round(Set.of(LEAK), START);
        standings.round(Set.of(LEAK), START + seconds(10));
        standings.cancelled(LEAK);
        standings.round(Set.of(LEAK), START + seconds(20));
        standings.tried(LEAK);
        Standing standing = standings.of(LEAK, START + seconds(20));
        assertThat(standing.cancelled()).isEqualTo(Duration.ofSeconds(10));
        assertThat(standing.tried()).isEqualTo(Duration.ofSeconds(20));

        standings.round(List.of(), START + seconds(30));
        standings.tried(LEAK);
        assertThat(standings.of(LEAK, START + seconds(30))).isEqualTo(Standing.NEW);
    }

    @Test
    void a_budget_comes_back_one_by_one_as_its_window_moves_on() {
        assertThat(budget.left(START)).isEqualTo(2);
        budget.spend(START);
        budget.spend(START + seconds(40));
        assertThat(budget.left(START + seconds(59))).isZero();
        assertThat(budget.left(START + seconds(60))).isEqualTo(1);
        assertThat(budget.left(START + seconds(99))).isEqualTo(1);
        assertThat(budget.left(START + seconds(100))).isEqualTo(2);
    }

    @Test
    void a_budget_of_none_is_never_left() {
        assertThat(new Budget(0, Duration.ofSeconds(1)).left(START)).isZero();
        assertThat(budget).hasToString("2 in 1 min");
    }

    private void assertStood(long at, long seconds) {
        assertThat(standings.of(LEAK, START + seconds(at)).stood()).isEqualTo(Duration.ofSeconds(seconds));
    }

    private static long seconds(long seconds) {
        return seconds * 1_000_000_000;
    }
}
