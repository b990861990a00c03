// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.FakePostgres;
import io.github.pgleash.connect.PgDriver;
import io.github.pgleash.track.RecentlyGone.Gone;
import java.lang.ref.WeakReference;
import java.sql.Connection;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With the real driver: what the registry knows of a connection, it knows from there. */
class ConnectionRegistryTest {
    private static final Executor SAME_THREAD = Runnable::run;

    private final ConnectionRegistry registry = new ConnectionRegistry();
    private FakePostgres server;

    @BeforeEach
    void start() throws Exception {
        server = new FakePostgres();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void a_connection_is_known_with_its_backend() throws Exception {
        try (Connection connection = server.connect(4711)) {
            TrackedConnection tracked = opened(connection, "tag");

            assertThat(tracked.pid()).isEqualTo(4711);
            assertThat(tracked.address()).isEqualTo(new Origin.Address(server.address(), "joe", "shop"));
            assertThat(tracked.address()).hasToString("joe@" + server.address() + "/shop");
            assertThat(tracked.tag()).isEqualTo("tag");
            assertThat(tracked.adopted()).isFalse();
            assertThat(tracked.connection()).isSameAs(connection);
            assertThat(tracked.isOpen()).isTrue();
            assertThat(tracked.ageNanos(System.nanoTime())).isNotNegative();
            assertThat(registry.open()).containsExactly(tracked);
            assertThat(registry.size()).isOne();
        }
    }

    @Test
    void its_id_has_the_start_once_that_is_known_and_for_good() throws Exception {
        try (Connection connection = server.connect(4711)) {
            TrackedConnection tracked = opened(connection, null);

            assertThat(tracked.id()).isEqualTo("4711@" + server.address());
            assertThat(tracked.isBound()).isFalse();
            tracked.bind(1_700_000_000_000_000L);
            tracked.bind(1);
            assertThat(tracked.id()).isEqualTo("4711@" + server.address() + "#1700000000000000");
            assertThat(tracked.backendStart()).isEqualTo(1_700_000_000_000_000L);
        }
    }

    @Test
    void the_oldest_comes_first() throws Exception {
        try (Connection one = server.connect(3);
                Connection two = server.connect(1);
                Connection three = server.connect(2)) {
            opened(one, null);
            opened(two, null);
            opened(three, null);

            assertThat(registry.open()).extracting(TrackedConnection::pid).containsExactly(3, 1, 2);
        }
    }

    @Test
    void a_connection_that_was_closed_is_remembered_by_its_id_for_a_while() throws Exception {
        Connection connection = server.connect(4711);
        TrackedConnection tracked = opened(connection, null);
        tracked.bind(17);

        connection.close();
        registry.closed(connection);
        registry.closed(connection);

        assertThat(registry.open()).isEmpty();
        assertThat(isRecentlyGone(4711, 17)).isTrue();
        assertThat(isRecentlyGone(4711, 0)).isFalse();
    }

    @Test
    void closing_and_breaking_are_noticed_without_being_told() throws Exception {
        Connection closed = server.connect(1);
        try (Connection aborted = server.connect(2);
                Connection replaced = server.connect(3);
                Connection open = server.connect(4)) {
            opened(closed, null);
            opened(aborted, null);
            TrackedConnection third = opened(replaced, null);
            opened(open, null);

            closed.close();
            aborted.abort(SAME_THREAD);
            third.markReplaced();

            assertThat(third.isOpen()).isFalse();
            assertThat(registry.size()).isOne();
            assertThat(registry.open()).extracting(TrackedConnection::pid).containsExactly(4);
            assertThat(isRecentlyGone(3, 0)).isTrue();
        }
    }

    @Test
    void what_was_never_tracked_can_be_closed() throws Exception {
        try (Connection connection = server.connect(1)) {
            registry.closed(connection);

            assertThat(registry.size()).isZero();
        }
    }

    @Test
    void a_connection_from_before_the_agent_is_adopted_at_its_first_use_only() throws Exception {
        try (Connection connection = server.connect(4711)) {
            registry.adopt(connection);
            registry.adopt(connection);

            assertThat(registry.open()).singleElement().satisfies(tracked -> {
                assertThat(tracked.adopted()).isTrue();
                assertThat(tracked.tag()).isNull();
                assertThat(tracked.origin().knowsLogin()).isFalse();
            });
        }
    }

    @Test
    void a_connection_that_was_opened_under_our_eyes_is_not_adopted() throws Exception {
        try (Connection connection = server.connect(4711)) {
            TrackedConnection tracked = opened(connection, "tag");
            registry.adopt(connection);

            assertThat(registry.open()).containsExactly(tracked);
            assertThat(tracked.adopted()).isFalse();
        }
    }

    @Test
    void an_adopted_connection_can_be_asked_for_once_another_one_has_logged_in() throws Exception {
        try (Connection before = server.connect(1);
                Connection after = server.connect(2)) {
            registry.adopt(before);
            TrackedConnection tracked = opened(after, null);

            assertThat(registry.open())
                    .extracting(TrackedConnection::origin)
                    .containsOnly(tracked.origin())
                    .allMatch(Origin::knowsLogin);
        }
    }

    @Test
    void a_connection_that_nobody_has_any_more_disappears() throws Exception {
        WeakReference<Connection> gone = openAndForget();

        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (registry.size() > 0 && System.nanoTime() - deadline < 0) {
            System.gc();
        }

        assertThat(registry.size()).isZero();
        assertThat(gone.get()).isNull();
        assertThat(isRecentlyGone(4711, 0)).isTrue();
    }

    /** In a method of its own, so that no local variable keeps it. */
    private WeakReference<Connection> openAndForget() throws Exception {
        Connection connection = server.connect(4711);
        opened(connection, null);
        return new WeakReference<>(connection);
    }

    @Test
    void settings_of_our_own_connections_are_told_apart() throws Exception {
        Properties control = FakePostgres.settings();
        control.setProperty("pgleash.control", "true");

        assertThat(Origin.isControl(control)).isTrue();
        assertThat(Origin.isControl(FakePostgres.settings())).isFalse();
    }

    @Test
    void a_control_connection_comes_from_the_same_driver_with_the_newest_settings() throws Exception {
        Properties expired = FakePostgres.settings();
        Properties renewed = FakePostgres.settings();
        renewed.setProperty("ApplicationName", "the newest");
        try (Connection one = server.connect(1, expired);
                Connection two = server.connect(2, renewed)) {
            registry.opened(one, PgDriver.of(one.getClass()), expired, null);
            TrackedConnection tracked = registry.opened(two, PgDriver.of(two.getClass()), renewed, null);
            server.pid(99);

            ClassLoader context = Thread.currentThread().getContextClassLoader();
            try (Connection control = tracked.origin().open(null, java.util.Map.of("loginTimeout", "5"))) {
                PgDriver driver = PgDriver.of(control.getClass());
                assertThat(driver.backendPid(control)).isEqualTo(99);
                assertThat(driver.applicationName(control)).isEqualTo("the newest");
                assertThat(driver.role(control)).isEqualTo("joe");
                assertThat(driver.database(control)).isEqualTo("shop");
            }
            assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(context);
        }
    }

    private boolean isRecentlyGone(int pid, long start) {
        return registry.recentlyGone().anyMatch(new Gone(pid, server.address(), start)::equals);
    }

    private TrackedConnection opened(Connection connection, @Nullable String tag) {
        return registry.opened(connection, PgDriver.of(connection.getClass()), FakePostgres.settings(), tag);
    }
}
