// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AttentionTest {
    private final AtomicInteger wakes = new AtomicInteger();
    private final Attention attention = new Attention(wakes::incrementAndGet);

    @Test
    void nobody_is_woken_while_nobody_looks() {
        assertThat(attention.take()).isFalse();
        assertThat(wakes).hasValue(0);
    }

    @Test
    void many_attributes_that_are_read_at_once_wake_once() {
        attention.paid(true);
        attention.paid(true);
        attention.paid(true);

        assertThat(wakes).hasValue(1);
        assertThat(attention.take()).isTrue();
        assertThat(attention.take()).isFalse();
        attention.paid(true);
        assertThat(wakes).hasValue(2);
    }

    @Test
    void a_fresh_snapshot_is_good_enough() {
        attention.paid(false);

        assertThat(attention.take()).isFalse();
        assertThat(wakes).hasValue(0);
    }
}
