// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class RefusalsTest {
    private final Refusals refusals = new Refusals();
    private long now;

    @Test
    void nothing_is_kept_from_trying_before_the_first_refusal() {
        assertAllowed(0);
        assertAllowed(1);
        assertThat(refusals.isEmpty()).isTrue();
    }

    @Test
    void the_same_credentials_are_tried_after_a_minute_and_then_each_hour() {
        refuse(1);
        now += Refusals.FIRST_WAIT.toNanos() - 1;
        assertHeldBack(1);
        now++;
        assertAllowed(1);
        refuse(1);
        now += Refusals.FIRST_WAIT.toNanos();
        assertHeldBack(1);
        now += Refusals.WAIT.toNanos();
        assertAllowed(1);
        refuse(1);
        assertHeldBack(1);
    }

    @Test
    void newer_ones_are_tried_at_once_however_often_the_older_were_refused() {
        for (int i = 0; i < 10; i++) {
            refuse(1);
        }
        assertAllowed(2);
    }

    @Test
    void after_three_in_a_row_newer_ones_have_to_wait_too_and_it_is_said_why() {
        refuse(1);
        refuse(2);
        assertAllowed(3);
        refuse(3);
        assertThatThrownBy(() -> refusals.check(4, now)).hasMessageContaining("good for one login only");
        now += Refusals.FIRST_WAIT.toNanos();
        assertHeldBack(5);
        now += Refusals.WAIT.toNanos();
        assertAllowed(5);
    }

    @Test
    void a_login_that_works_makes_all_forgotten() {
        refuse(1);
        refuse(2);
        refuse(3);
        refusals.accepted();
        assertThat(refusals.isEmpty()).isTrue();
        assertAllowed(3);
        refuse(4);
        assertAllowed(5);
    }

    @Test
    void only_what_is_about_who_we_are_is_a_refusal() {
        assertThat(Refusals.isRefusal(new SQLException("", "28P01"))).isTrue();
        assertThat(Refusals.isRefusal(new SQLException("", "28000"))).isTrue();
        assertThat(Refusals.isRefusal(new SQLException("", "53300"))).isFalse();
        assertThat(Refusals.isRefusal(new SQLException("", "08001"))).isFalse();
        assertThat(Refusals.isRefusal(new SQLException(""))).isFalse();
    }

    private void refuse(long edition) {
        SQLException told = refusals.refused(edition, new SQLException("no", "28P01"), now);
        assertThat((Throwable) told).hasMessageStartingWith("no; ").hasNoCause();
        assertThat(told.getSQLState()).isEqualTo("28P01");
    }

    private void assertAllowed(long edition) {
        assertThatCode(() -> refusals.check(edition, now)).doesNotThrowAnyException();
    }

    private void assertHeldBack(long edition) {
        assertThatThrownBy(() -> refusals.check(edition, now))
                .isInstanceOf(SQLException.class)
                .hasMessageStartingWith("no; ");
    }
}
