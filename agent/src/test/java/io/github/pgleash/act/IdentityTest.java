// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.observe.ActivityRow;
import io.github.pgleash.track.TrackedConnection;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentityTest {
    private static final Duration CONNECTION_AGE = Duration.ofMinutes(10);

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
    void once_bound_the_start_decides_alone() throws Exception {
        TrackedConnection connection = backends.open(7, Backends.TAG);
        connection.bind(17);

        assertThat(identity(connection, Backends.row(7, 17, Duration.ZERO, "other", "other", "other")))
                .isEqualTo(Identity.SAME);
        assertThat(identity(connection, Backends.row(7, 18, CONNECTION_AGE))).isEqualTo(Identity.REPLACED);
        assertThat(identity(connection, Backends.row(7, 16, CONNECTION_AGE))).isEqualTo(Identity.REPLACED);
        assertThat(connection.backendStart()).isEqualTo(17);
    }

    @Test
    void our_tag_on_a_backend_that_is_old_enough_proves_and_binds_it() throws Exception {
        TrackedConnection connection = backends.open(7, Backends.TAG);

        assertThat(identity(connection, Backends.row(7, 17, CONNECTION_AGE))).isEqualTo(Identity.SAME);
        assertThat(connection.backendStart()).isEqualTo(17);
    }

    @Test
    void a_login_that_took_long_does_not_matter_with_our_tag() throws Exception {
        TrackedConnection connection = backends.open(7, Backends.TAG);

        assertThat(identity(connection, Backends.row(7, 17, CONNECTION_AGE.plusMinutes(1))))
                .isEqualTo(Identity.SAME);
    }

    @Test
    void a_backend_that_is_younger_than_the_connection_is_anothers_even_with_our_tag() throws Exception {
        // A tag without {pid} is shared by all instances; after a restart of the server its pids begin anew.
        TrackedConnection connection = backends.open(7, Backends.TAG);

        assertThat(identity(connection, Backends.row(7, 17, CONNECTION_AGE.minusSeconds(11))))
                .isEqualTo(Identity.UNPROVED);
        assertThat(connection.isBound()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"-11, UNPROVED", "-9, SAME", "0, SAME", "9, SAME", "11, UNPROVED"})
    void without_a_tag_the_ages_must_agree(long secondsOlder, Identity identity) throws Exception {
        ActivityRow row = Backends.row(7, 17, CONNECTION_AGE.plusSeconds(secondsOlder));

        TrackedConnection untagged = backends.open(7, null);
        assertThat(identity(untagged, row)).isEqualTo(identity);
        assertThat(untagged.isBound()).isEqualTo(identity == Identity.SAME);

        TrackedConnection renamed = backends.open(7, "another tag than the server shows");
        assertThat(identity(renamed, row)).isEqualTo(identity);
    }

    @ParameterizedTest
    @CsvSource({"-11, UNPROVED", "-9, SAME", "11, SAME", "1000000, SAME"})
    void a_connection_from_before_the_agent_may_be_older_than_we_know(long secondsOlder, Identity identity)
            throws Exception {
        TrackedConnection adopted = backends.adopt(7);

        assertThat(identity(adopted, Backends.row(7, 17, CONNECTION_AGE.plusSeconds(secondsOlder))))
                .isEqualTo(identity);
    }

    @ParameterizedTest
    @CsvSource({"other, shop", "joe, other", "JOE, shop", ", shop", "joe,", ","})
    void another_role_or_database_proves_nothing_whatever_the_tag_says(@Nullable String role, @Nullable String database)
            throws Exception {
        TrackedConnection connection = backends.open(7, Backends.TAG);

        assertThat(identity(connection, Backends.row(7, 17, CONNECTION_AGE, role, database, Backends.TAG)))
                .isEqualTo(Identity.UNPROVED);
        assertThat(connection.isBound()).isFalse();
    }

    @Test
    void no_tag_of_ours_is_not_the_same_as_no_name_there() throws Exception {
        TrackedConnection connection = backends.open(7, null);

        assertThat(identity(connection, Backends.row(7, 17, Duration.ofDays(1), "joe", "shop", null)))
                .isEqualTo(Identity.UNPROVED);
    }

    /** As if the connection had been opened ten minutes ago. */
    private static Identity identity(TrackedConnection connection, ActivityRow row) {
        long opened = -connection.ageNanos(0);
        return Identity.of(connection, row, opened + CONNECTION_AGE.toNanos());
    }
}
