// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class OtherHooksTest {
    private final AtomicBoolean exiting = new AtomicBoolean();
    private final OtherHooks others = new OtherHooks(exiting::get);

    @Test
    void who_runs_before_the_exit_is_known() {
        others.noteThreads();
        assertThat(others.knows(Thread.currentThread())).isTrue();
    }

    @Test
    void who_is_met_when_the_exit_has_begun_may_be_a_hook() {
        exiting.set(true);
        others.noteThreads();
        assertThat(others.knows(Thread.currentThread())).isFalse();
    }

    @Test
    void an_exit_makes_nobody_forgotten() {
        others.noteThreads();
        exiting.set(true);
        others.noteThreads();
        assertThat(others.knows(Thread.currentThread())).isTrue();
    }

    @Test
    void the_jvm_of_this_test_does_not_exit() {
        assertThat(JvmExit.hasBegun()).isFalse();
    }
}
