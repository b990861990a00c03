// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The server's own settings for clients that die: the list says which of them are not set. */
final class UncoveredIT {
    @ParameterizedTest
    @MethodSource("io.github.pgleash.compatibility.server.PostgresServers#majors")
    void each_server_tells_which_of_them_it_has_and_are_not_set(int major) {
        try (PostgresServer server = PostgresServers.start(major)) {
            String line = line(server);
            assertThat(line)
                    .contains(
                            "not set: ", "idle_in_transaction_session_timeout, statement_timeout, tcp_keepalives_idle");
            assertThat(line.contains("client_connection_check_interval")).isEqualTo(major >= 14);
            assertThat(line.contains("transaction_timeout, ") || line.endsWith(" transaction_timeout"))
                    .isEqualTo(major >= 17);

            server.execute("ALTER ROLE app SET statement_timeout = '1min'");
            server.execute("ALTER ROLE app SET idle_in_transaction_session_timeout = '1min'");
            assertThat(line(server)).doesNotContain("statement_timeout").contains("not set: ", "tcp_keepalives_idle");
        }
    }

    private static String line(PostgresServer server) {
        try (ServiceJvm service = ServiceJvm.plan().agent("app=covered").start()) {
            Sessions.of(service, server).idle("orders");
            service.backends().refresh();
            return service.backends().getServers()[0];
        }
    }
}
