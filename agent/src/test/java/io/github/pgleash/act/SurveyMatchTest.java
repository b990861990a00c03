// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.track.TrackedConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SurveyMatchTest {
    private Backends backends;

    @BeforeEach
    void start() throws Exception {
        backends = new Backends();
    }

    @AfterEach
    void stop() throws Exception {
        backends.close();
    }

    @Test
    void each_connection_gets_the_row_of_its_pid() throws Exception {
        TrackedConnection one = backends.open(1, Backends.TAG);
        TrackedConnection two = backends.open(2, Backends.TAG);
        TrackedConnection hidden = backends.open(3, Backends.TAG);
        var rowOne = Backends.row(1, 11, Duration.ZERO);
        var rowTwo = Backends.row(2, 12, Duration.ZERO);

        assertThat(Look.match(List.of(one, two, hidden), Map.of(1, rowOne, 2, rowTwo)))
                .isEqualTo(Map.of(one.number(), rowOne, two.number(), rowTwo));
        assertThat(hidden.isOpen()).isTrue();
    }

    @Test
    void of_two_connections_with_one_pid_the_newer_has_the_backend_and_the_older_is_dead() throws Exception {
        TrackedConnection older = backends.open(1, Backends.TAG);
        TrackedConnection newer = backends.open(1, Backends.TAG);
        var row = Backends.row(1, 11, Duration.ZERO);

        assertThat(Look.match(List.of(older, newer), Map.of(1, row))).isEqualTo(Map.of(newer.number(), row));
        assertThat(older.isOpen()).isFalse();
        assertThat(newer.isOpen()).isTrue();
        assertThat(backends.registry.open()).containsExactly(newer);
    }

    @Test
    void the_older_is_dead_also_where_nothing_proves_that_the_backend_is_not_its_own() throws Exception {
        TrackedConnection older = backends.open(1, "another tag");
        TrackedConnection newer = backends.open(1, Backends.TAG);
        var row = Backends.row(1, 11, Duration.ofHours(1));

        assertThat(Look.match(List.of(older, newer), Map.of(1, row))).isEqualTo(Map.of(newer.number(), row));
        assertThat(older.isOpen()).isFalse();
    }

    @Test
    void a_connection_whose_pid_went_to_another_start_is_dead() throws Exception {
        TrackedConnection connection = backends.open(1, Backends.TAG);
        connection.bind(10);

        assertThat(Look.match(List.of(connection), Map.of(1, Backends.row(1, 11, Duration.ZERO))))
                .isEmpty();
        assertThat(connection.isOpen()).isFalse();
    }

    @Test
    void the_newer_does_not_take_what_is_bound_to_the_older() throws Exception {
        TrackedConnection older = backends.open(1, Backends.TAG);
        older.bind(10);
        TrackedConnection newer = backends.open(1, Backends.TAG);
        var row = Backends.row(1, 11, Duration.ZERO);

        assertThat(Look.match(List.of(older, newer), Map.of(1, row))).isEqualTo(Map.of(newer.number(), row));
        assertThat(older.isOpen()).isFalse();
        assertThat(newer.backendStart()).isEqualTo(11);
    }

    @Test
    void what_is_not_proved_is_neither_matched_nor_dead() throws Exception {
        TrackedConnection connection = backends.open(1, Backends.TAG);

        assertThat(Look.match(
                        List.of(connection),
                        Map.of(1, Backends.row(1, 11, Duration.ZERO, "other", "shop", Backends.TAG))))
                .isEmpty();
        assertThat(connection.isOpen()).isTrue();
        assertThat(connection.isBound()).isFalse();
    }
}
