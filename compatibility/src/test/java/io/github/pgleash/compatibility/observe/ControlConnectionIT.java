// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.observe;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.pgleash.compatibility.Drivers;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.jmx.Backend;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** pgleash's own connection: whose driver it comes from, how long it stays, and when there is none. */
final class ControlConnectionIT {
    private final PostgresServer server = PostgresServers.shared();

    @ParameterizedTest
    @ValueSource(strings = {"42.2.5", "42.7.4"})
    void it_comes_from_the_applications_own_driver_even_out_of_an_isolated_loader(String version) {
        try (ServiceJvm service =
                ServiceJvm.plan().without("postgresql-").agent("app=isolated").start()) {
            String url = server.url();
            service.run(stage -> {
                stage.driver("isolated", Drivers.jar(version));
                stage.openWith("isolated", "orders", url, APP, SECRET);
            });
            service.backends().refresh();
            assertThat(service.backends().getProblems()).isEmpty();
            assertThat(service.backends().getBackends())
                    .extracting(Backend::state)
                    .containsExactly("idle");
            assertThat(controlConnections("isolated")).containsExactly(APP);
        }
    }

    @Test
    void it_is_closed_when_idle_and_opened_again_when_needed() {
        try (ServiceJvm service =
                ServiceJvm.plan().agent("app=brief,patrol.interval=100ms").start()) {
            Sessions.of(service, server).idle("orders");
            service.backends().refresh();
            await().atMost(ServiceJvm.DEADLINE)
                    .untilAsserted(() -> assertThat(controlConnections("brief")).isEmpty());
            service.backends().refresh();
            assertThat(service.backends().getActive() + service.backends().getIdle())
                    .isEqualTo(1);
        }
    }

    @Test
    void none_is_left_after_the_service_has_closed_everything() {
        try (ServiceJvm service =
                ServiceJvm.plan().agent("app=leaving,patrol.interval=100ms").start()) {
            Sessions sessions = Sessions.of(service, server);
            sessions.idle("orders");
            service.backends().refresh();
            sessions.close("orders");
            await().atMost(ServiceJvm.DEADLINE)
                    .untilAsserted(() -> assertThat(server.column(
                                    "SELECT pid FROM pg_stat_activity WHERE application_name LIKE '%leaving@%'"))
                            .isEmpty());
            service.backends().refresh();
            assertThat(controlConnections("leaving")).isEmpty();
        }
    }

    @Test
    void it_stays_open_where_one_is_reserved() {
        try (ServiceJvm service = ServiceJvm.plan()
                .agent("app=careful,patrol.interval=100ms,control.reserve=on")
                .start()) {
            Sessions.of(service, server).idle("orders");
            service.backends().refresh();
            await().during(Duration.ofSeconds(1))
                    .atMost(ServiceJvm.DEADLINE)
                    .untilAsserted(
                            () -> assertThat(controlConnections("careful")).hasSize(1));
        }
    }

    /** Roles of the control connections that the server has of an application. */
    private List<@Nullable String> controlConnections(String app) {
        return server.column(
                "SELECT usename::text FROM pg_stat_activity WHERE application_name LIKE ?", "pgleash of " + app + "@%");
    }
}
