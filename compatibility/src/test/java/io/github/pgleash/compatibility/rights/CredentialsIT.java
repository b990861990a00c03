// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.rights;

import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.pgleash.compatibility.observe.Sessions;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.jmx.Backend;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Passwords that change while the service runs. */
final class CredentialsIT {
    private static final int MANY = 20;

    /** Not started in the services' JVMs, which load this class for its scripts. */
    @SuppressWarnings("NullAway.Init")
    private static PostgresServer server;

    @BeforeAll
    static void startServer() {
        server = ServerLog.readable(PostgresServers.plan()).start();
    }

    @AfterAll
    static void closeServer() {
        server.close();
    }

    @Test
    void a_rotated_password_is_tried_once_and_the_newest_that_worked_is_used() {
        server.createRole("rotated", "first", "");
        try (ServiceJvm service =
                ServiceJvm.plan().agent("app=rotated,patrol.interval=100ms").start()) {
            session(service, "rotated", "first").idleInTransaction("old");
            service.backends().refresh();
            assertThat(service.backends().getProblems()).isEmpty();
            awaitNoControlConnection("rotated");

            server.createRole("rotated", "second", "");
            for (int i = 0; i < MANY; i++) {
                service.backends().refresh();
            }
            assertThat(new ServerLog(server).refusedLogins("rotated")).isEqualTo(1);
            assertThat(service.backends().getProblems())
                    .anySatisfy(problem -> assertThat(problem)
                            .contains("password authentication failed")
                            .contains("not tried again"));

            session(service, "rotated", "second").idle("new");
            service.backends().refresh();
            assertThat(service.backends().getBackends())
                    .extracting(Backend::state)
                    .containsExactlyInAnyOrder("idle in transaction", "idle");
            assertThat(service.backends().getProblems()).isEmpty();
            assertThat(new ServerLog(server).refusedLogins("rotated")).isEqualTo(1);
        }
    }

    @Test
    void an_open_control_connection_outlives_the_rotation_and_a_broken_one_is_replaced_with_the_newest_password() {
        server.createRole("reserved", "first", "");
        try (ServiceJvm service =
                ServiceJvm.plan().agent("app=reserved,control.reserve=on").start()) {
            session(service, "reserved", "first").idle("old");
            service.backends().refresh();
            server.createRole("reserved", "second", "");
            service.backends().refresh();
            assertThat(service.backends().getProblems()).isEmpty();

            session(service, "reserved", "second").idle("new");
            server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'reserved'"
                    + " AND application_name LIKE 'pgleash of %'");
            service.backends().refresh();
            assertThat(service.backends().getProblems()).isEmpty();
            assertThat(service.backends().getBackends())
                    .extracting(Backend::state)
                    .containsExactly("idle", "idle");
            assertThat(new ServerLog(server).refusedLogins("reserved")).isZero();
        }
    }

    @Test
    void a_newer_password_that_worked_for_one_database_is_used_for_the_others() {
        server.createRole("several", "first", "");
        server.createDatabase("archive", "several");
        try (ServiceJvm service =
                ServiceJvm.plan().agent("app=several,patrol.interval=100ms").start()) {
            int pid = session(service, "several", "first").idleInTransaction("shop");
            server.createRole("several", "second", "");
            new Sessions(service, server.url("archive"), "several", "second").idle("archive");
            assertThat(service.backends().terminate(Integer.toString(pid)).outcome())
                    .isEqualTo("GONE");
            assertThat(new ServerLog(server).refusedLogins("several")).isZero();
        }
    }

    @Test
    void a_password_for_each_connection_works_as_long_as_the_newest_does() {
        try (ServiceJvm service = ServiceJvm.plan().agent("app=token").start()) {
            for (int i = 0; i < 3; i++) {
                String token = UUID.randomUUID().toString();
                server.createRole("token", token, "");
                session(service, "token", token).idle("session " + i);
            }
            service.backends().refresh();
            assertThat(service.backends().getProblems()).isEmpty();
            assertThat(service.backends().getBackends())
                    .extracting(Backend::state)
                    .containsExactly("idle", "idle", "idle");
        }
    }

    @Test
    void passwords_for_one_login_only_are_found_out_after_a_few_and_said_to_be() {
        try (ServiceJvm service =
                ServiceJvm.plan().agent("app=once,patrol.interval=100ms").start()) {
            for (int i = 0; i < MANY; i++) {
                loginOnce(service, "once", "session " + i);
                service.backends().refresh();
                service.backends().refresh();
            }
            assertThat(new ServerLog(server).refusedLogins("once")).isEqualTo(3);
            assertThat(service.backends().getProblems())
                    .anySatisfy(problem -> assertThat(problem)
                            .contains("good for one login only")
                            .contains("control.user"));
            assertThat(service.backends().getConnections()).isEqualTo(MANY);
        }
    }

    @Test
    void with_a_role_of_its_own_the_control_connection_needs_none_of_them() {
        server.createRole("operator", SECRET, "");
        server.execute("GRANT pg_read_all_stats, pg_signal_backend TO operator");
        try (ServiceJvm service = ServiceJvm.plan()
                .agent("app=apart,control.user=operator,control.password=" + SECRET)
                .start()) {
            int pid = loginOnce(service, "apart", "session");
            service.backends().refresh();
            assertThat(service.backends().getProblems()).isEmpty();
            assertThat(service.backends().terminate(Integer.toString(pid)).outcome())
                    .isEqualTo("GONE");
        }
    }

    @Test
    void the_wrong_password_of_a_control_user_is_not_tried_again_and_again() {
        server.createRole("operator2", SECRET, "");
        try (ServiceJvm service = ServiceJvm.plan()
                .agent("app=wrong,control.user=operator2,control.password=wrong,patrol.interval=100ms")
                .start()) {
            for (int i = 0; i < MANY; i++) {
                loginOnce(service, "wrong", "session " + i);
                service.backends().refresh();
            }
            assertThat(new ServerLog(server).refusedLogins("operator2")).isEqualTo(1);
        }
    }

    @Test
    void an_authentication_plugin_is_asked_for_the_control_connection_too() {
        server.createRole("plugged", "first", "");
        String url = server.url() + "?authenticationPluginClassName=" + TokenPlugin.class.getName();
        try (ServiceJvm service = ServiceJvm.plan()
                .agent("app=plugged,patrol.interval=100ms")
                .systemProperty(TokenPlugin.TOKEN, "first")
                .start()) {
            new Sessions(service, url, "plugged", "").idle("old");
            service.backends().refresh();
            assertThat(service.backends().getProblems()).isEmpty();
            awaitNoControlConnection("plugged");
            server.createRole("plugged", "second", "");
            service.run(stage -> System.setProperty(TokenPlugin.TOKEN, "second"));
            service.backends().refresh();
            assertThat(service.backends().getProblems()).isEmpty();
            assertThat(new ServerLog(server).refusedLogins("plugged")).isZero();
        }
    }

    @Test
    void control_connections_of_roles_that_were_made_for_a_lease_are_gone_with_them() {
        try (ServiceJvm service = ServiceJvm.plan()
                .agent("app=lease,patrol.interval=100ms,control.reserve=on")
                .start()) {
            for (int i = 0; i < 3; i++) {
                server.createRole("lease" + i, SECRET, "");
                session(service, "lease" + i, SECRET).idle("job");
                service.backends().refresh();
                assertThat(service.backends().getProblems()).isEmpty();
                service.run(stage -> stage.close("job"));
                awaitNoControlConnection("lease");
            }
        }
    }

    /** The password is another before and after. */
    private static int loginOnce(ServiceJvm service, String role, String name) {
        String token = UUID.randomUUID().toString();
        server.createRole(role, token, "");
        int pid = session(service, role, token).idle(name);
        server.createRole(role, UUID.randomUUID().toString(), "");
        return pid;
    }

    private static Sessions session(ServiceJvm service, String role, String password) {
        return new Sessions(service, server.url(), role, password);
    }

    private static void awaitNoControlConnection(String app) {
        await().atMost(ServiceJvm.DEADLINE)
                .until(() -> server.column(
                                "SELECT pid FROM pg_stat_activity WHERE application_name LIKE ?",
                                "pgleash of " + app + "@%")
                        .isEmpty());
    }
}
