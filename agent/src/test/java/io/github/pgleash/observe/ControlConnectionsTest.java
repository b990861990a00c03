// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ControlConnectionsTest {
    private static final int USERS = 4;
    private static final int CLOSED_IN_BETWEEN = 500;

    private final FakeSession login = new FakeSession();
    private final ControlConnections controls = new ControlConnections("test", true, Duration.ofHours(1));

    @Test
    void one_is_opened_for_a_login_and_kept() throws SQLException {
        assertThat(role()).isEqualTo("joe");
        assertThat(role()).isEqualTo("joe");
        assertThat(login.opened()).isEqualTo(1);
        controls.closeUnless(Set.of(login.name()));
        assertThat(login.open()).isEqualTo(1);
    }

    @Test
    void one_that_serves_nobody_is_closed_and_another_is_opened_when_somebody_comes() throws SQLException {
        role();
        controls.closeUnless(Set.of());
        assertThat(login.open()).isZero();
        assertThat(role()).isEqualTo("joe");
        assertThat(login.opened()).isEqualTo(2);
        assertThat(login.open()).isEqualTo(1);
    }

    @Test
    void whoever_comes_while_it_is_closed_gets_one_that_works_and_none_is_left_over() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(USERS + 1);
        try {
            Future<?> closing = threads.submit(() -> {
                while (!done.get()) {
                    controls.closeUnless(Set.of());
                }
            });
            List<Future<?>> using = new ArrayList<>();
            for (int i = 0; i < USERS; i++) {
                using.add(threads.submit(() -> {
                    while (login.opened() < CLOSED_IN_BETWEEN) {
                        assertThat(role()).isEqualTo("joe");
                    }
                    return null;
                }));
            }
            for (Future<?> user : using) {
                user.get(1, TimeUnit.MINUTES);
            }
            done.set(true);
            closing.get(1, TimeUnit.MINUTES);
            controls.closeUnless(Set.of());
            assertThat(login.open()).isZero();
        } finally {
            done.set(true);
            threads.shutdownNow();
        }
    }

    private String role() throws SQLException {
        return controls.use(login, session -> session.server().role());
    }
}
