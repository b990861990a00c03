// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.wire;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static io.github.pgleash.compatibility.server.PostgresServer.SHOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class WireTapIT {
    private final PostgresServer server = PostgresServers.shared();
    private final WireTap tap = WireTap.before(server);

    @AfterEach
    void closeTap() {
        tap.close();
    }

    @Test
    void the_start_up_of_a_bare_driver_is_noted() throws SQLException {
        connect("").close();
        Conversation conversation = tap.conversation(0);
        assertThat(conversation.startup()).containsEntry("user", APP).containsEntry("database", SHOP);
        assertThat(conversation.messages().stream().map(WireMessage::name))
                .startsWith("StartupMessage", "Authentication", "Password")
                .contains("BackendKeyData", "ParameterStatus", "ReadyForQuery");
        assertThat(conversation.statements()).contains("SET application_name = 'PostgreSQL JDBC Driver'");
    }

    @Test
    void a_name_in_the_start_up_packet_costs_no_round_trip() throws SQLException {
        connect("").close();
        connect("&assumeMinServerVersion=9.0&ApplicationName=tagged").close();
        Conversation bare = tap.conversation(0);
        Conversation tagged = tap.conversation(1);
        assertThat(tagged.startup()).containsEntry("application_name", "tagged");
        assertThat(tagged.roundTrips()).isLessThan(bare.roundTrips());
        assertThat(tagged.count(Side.FRONTEND)).isLessThan(bare.count(Side.FRONTEND));
    }

    @Test
    void passwords_are_not_noted() throws SQLException {
        connect("").close();
        assertThat(tap.conversation(0).messages())
                .filteredOn(message -> message.name().equals("Password"))
                .isNotEmpty()
                .allSatisfy(message -> assertThat(message.texts()).isEmpty());
    }

    @Test
    void a_declined_request_for_encryption_is_passed_on() throws SQLException {
        String url = tap.url().replace("sslmode=disable", "sslmode=prefer");
        try (Connection connection = DriverManager.getConnection(url, APP, SECRET)) {
            assertThat(connection.isValid(1)).isTrue();
        }
        assertThat(tap.conversation(0).messages().stream().map(WireMessage::name))
                .startsWith("SSLRequest", "encryption N", "StartupMessage");
    }

    @Test
    void a_stalled_connection_goes_on_when_it_is_resumed() throws SQLException {
        try (Connection connection = connect("&socketTimeout=1");
                Connection other = connect("")) {
            tap.stall();
            assertThatExceptionOfType(SQLException.class).isThrownBy(() -> execute(connection, "SELECT 1"));
            tap.resume();
            execute(other, "SELECT 1");
        }
    }

    @Test
    void a_cut_connection_is_broken_and_the_next_one_works() throws SQLException, IOException {
        try (Connection connection = connect("")) {
            tap.cut();
            SQLException broken = catchThrowableOfType(SQLException.class, () -> execute(connection, "SELECT 1"));
            assertThat(broken.getSQLState()).startsWith("08");
        }
        connect("").close();
    }

    @Test
    void a_half_closed_connection_is_broken_for_the_driver() throws SQLException, IOException {
        try (Connection connection = connect("")) {
            tap.halfClose();
            SQLException broken = catchThrowableOfType(SQLException.class, () -> execute(connection, "SELECT 1"));
            assertThat(broken.getSQLState()).startsWith("08");
        }
    }

    private Connection connect(String more) throws SQLException {
        return DriverManager.getConnection(tap.url() + more, APP, SECRET);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
