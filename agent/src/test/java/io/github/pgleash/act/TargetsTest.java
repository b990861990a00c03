// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.FakePostgres;
import io.github.pgleash.act.Targets.Found;
import io.github.pgleash.act.Targets.NotFound;
import io.github.pgleash.connect.PgDriver;
import io.github.pgleash.track.TrackedConnection;
import java.sql.Connection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TargetsTest {
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
    void a_pid_with_or_without_the_rest_leads_to_its_connection() throws Exception {
        TrackedConnection connection = backends.open(7, null);
        connection.bind(17);

        for (String id : new String[] {"7", " 7 ", "7@" + backends.address(), "7@" + backends.address() + "#17"}) {
            assertThat(find(id))
                    .isInstanceOfSatisfying(
                            Found.class, found -> assertThat(found.connection()).isSameAs(connection));
        }
    }

    @Test
    void the_newest_of_one_pid_is_meant() throws Exception {
        backends.open(7, null);
        TrackedConnection newest = backends.open(7, null);

        assertThat(find("7"))
                .isInstanceOfSatisfying(
                        Found.class, found -> assertThat(found.connection()).isSameAs(newest));
    }

    @Test
    void an_id_whose_process_was_replaced_is_refused() throws Exception {
        TrackedConnection connection = backends.open(7, null);
        connection.bind(17);

        assertThat(find("7@" + backends.address() + "#16")).isInstanceOfSatisfying(NotFound.class, stale -> {
            assertThat(stale.outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(stale.reason())
                    .contains("its pid 7 is another backend's by now")
                    .contains(connection.id());
            assertThat(stale.unknownPid()).isZero();
        });
    }

    @Test
    void a_pid_on_two_servers_must_be_given_with_its_server() throws Exception {
        TrackedConnection here = backends.open(7, null);
        try (FakePostgres other = new FakePostgres();
                Connection connection = other.connect(7)) {
            TrackedConnection there = backends.registry.opened(
                    connection, PgDriver.of(connection.getClass()), FakePostgres.settings(), null);

            assertThat(find("7")).isInstanceOfSatisfying(NotFound.class, several -> {
                assertThat(several.outcome()).isEqualTo(Outcome.REFUSED);
                assertThat(several.reason()).contains(here.id(), there.id());
            });
            assertThat(find(there.id())).isInstanceOf(Found.class);
        }
    }

    @Test
    void a_pid_that_is_none_of_ours_is_refused_and_named() throws Exception {
        backends.open(7, null);

        assertThat(find("8")).isEqualTo(new NotFound(Outcome.REFUSED, "pid 8 is no backend of this JVM", 8));
        assertThat(find("7@elsewhere:5432"))
                .isEqualTo(new NotFound(Outcome.REFUSED, "pid 7 on elsewhere:5432 is no backend of this JVM", 7));
    }

    @Test
    void what_was_closed_not_long_ago_is_gone_already() throws Exception {
        TrackedConnection connection = backends.open(7, null);
        connection.bind(17);
        String id = connection.id();
        connection.markReplaced();

        assertThat(find(" " + id + " "))
                .isEqualTo(new NotFound(Outcome.ALREADY_GONE, "its connection was closed before", 0));
    }

    @Test
    void what_is_no_id_is_refused_with_a_remedy() {
        for (String id : new String[] {null, "", "abc", "1;2"}) {
            assertThat(find(id))
                    .isInstanceOfSatisfying(
                            NotFound.class,
                            malformed -> assertThat(malformed.reason()).startsWith("this is no backend id"));
        }
    }

    @Test
    void a_pid_that_a_pooler_made_up_is_never_a_target() throws Exception {
        backends.open(0, null);
        backends.open(-5, null);

        assertThat(find("0")).isInstanceOf(NotFound.class);
        assertThat(find("-5")).isInstanceOf(NotFound.class);
    }

    private Targets.Target find(@Nullable String id) {
        return new Targets(backends.registry).find(id);
    }
}
