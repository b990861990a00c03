// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.sample;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PoolStatusTest {
    @Test
    void reads_what_it_wrote() {
        PoolStatus status = new PoolStatus(12, 10, 2, 1);

        assertThat(PoolStatus.parse(status.toString())).contains(status);
    }

    @Test
    void reads_nothing_else() {
        assertThat(PoolStatus.parse("12:00:00 [main] INFO LeakyService - takes orders"))
                .isEmpty();
    }
}
