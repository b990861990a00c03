// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.server;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static io.github.pgleash.compatibility.server.PostgresServer.SHOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class PostgresServersIT {
    @Test
    void the_shared_server_is_one() {
        assertThat(PostgresServers.shared()).isSameAs(PostgresServers.shared());
    }

    @Test
    void the_application_logs_in_with_its_password_only() throws SQLException {
        PostgresServer server = PostgresServers.shared();
        try (Connection connection = server.connect(SHOP, APP, SECRET)) {
            assertThat(connection.isValid(1)).isTrue();
        }
        assertThatThrownBy(() -> server.connect(SHOP, APP, "not " + SECRET))
                .isInstanceOfSatisfying(
                        SQLException.class,
                        refused -> assertThat(refused.getSQLState()).isEqualTo("28P01"));
    }

    @Test
    void the_superuser_needs_a_password_too() {
        PostgresServer server = PostgresServers.shared();
        assertThatThrownBy(() -> server.connect(SHOP, server.superuser(), "wrong"))
                .isInstanceOf(SQLException.class);
    }

    @ParameterizedTest
    @MethodSource("io.github.pgleash.compatibility.server.PostgresServers#majors")
    void a_server_has_the_version_that_was_asked_for(int major) throws SQLException {
        try (PostgresServer server = PostgresServers.start(major);
                Connection connection = server.connect(SHOP, APP, SECRET)) {
            assertThat(connection.getMetaData().getDatabaseMajorVersion()).isEqualTo(major);
            assertThat(server.version()).isEqualTo(major);
        }
    }

    @Test
    void settings_can_be_overridden() {
        try (PostgresServer server =
                PostgresServers.plan().with("max_connections", "20").start()) {
            assertThat(server.look("SHOW max_connections")).isEqualTo("20");
        }
    }

    @Test
    void a_stopped_server_starts_again_at_the_same_address_with_its_data() throws SQLException {
        PostgresServers.shared().requireOwnProcess();
        try (PostgresServer server = PostgresServers.plan().start()) {
            String url = server.url();
            server.execute("CREATE TABLE kept AS SELECT 42 AS answer");
            for (Shutdown how : Shutdown.values()) {
                server.requireOwnProcess().stop(how);
                assertThatThrownBy(() -> server.connect(SHOP, APP, SECRET)).isInstanceOf(SQLException.class);
                server.requireOwnProcess().start();
                assertThat(server.url()).isEqualTo(url);
                assertThat(server.look("SELECT answer FROM kept")).isEqualTo("42");
            }
        }
    }

    @Test
    void a_frozen_backend_outlives_its_termination_until_it_is_thawed() throws SQLException {
        PostgresServer server = PostgresServers.shared();
        OwnProcess process = server.requireOwnProcess();
        try (Connection connection = server.connect(SHOP, APP, SECRET)) {
            int pid = connection.unwrap(org.postgresql.PGConnection.class).getBackendPID();
            process.freeze(pid);
            server.look("SELECT pg_terminate_backend(?)", pid);
            assertThat(server.column("SELECT pid FROM pg_stat_activity WHERE pid = ?", pid))
                    .hasSize(1);
            process.thaw(pid);
            await().untilAsserted(() -> assertThat(server.column("SELECT pid FROM pg_stat_activity WHERE pid = ?", pid))
                    .isEmpty());
        }
    }
}
