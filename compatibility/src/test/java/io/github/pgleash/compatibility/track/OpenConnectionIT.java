// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.track;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.compatibility.Drivers;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.jmx.Backend;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the list says of an open connection, compared with what the superuser sees. */
final class OpenConnectionIT {
    private static final PostgresServer SERVER = PostgresServers.shared();

    private static ServiceJvm service;

    @BeforeAll
    static void startService() {
        service = ServiceJvm.plan().agent("app=shop").start();
    }

    @AfterAll
    static void endService() {
        service.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"42.2.5", "42.5.6", "42.7.14"})
    void it_is_listed_as_the_server_knows_it(String version) {
        SERVER.createRole("clerk", "pencil", "");
        SERVER.createDatabase("store", "clerk");
        connect(version, SERVER.url("store"), "clerk", "pencil");
        Backend row = onlyRow();
        assertThat(row.usename()).isEqualTo("clerk");
        assertThat(row.datname()).isEqualTo("store");
        assertThat(row.server()).isEqualTo(SERVER.host() + ":" + SERVER.port());
        assertThat(row.application_name()).isEqualTo(activity(row, "application_name"));
        assertThat(row.client_addr()).isEqualTo(activity(row, "host(client_addr)"));
        assertThat(row.state()).isEqualTo("idle");
        String start = activity(row, "(extract(epoch FROM backend_start) * 1000000)::bigint");
        assertThat(row.id()).isEqualTo(row.pid() + "@" + row.server() + "#" + start);
        assertThat(row.backend_start())
                .isEqualTo(Instant.EPOCH
                        .plus(Long.parseLong(start), ChronoUnit.MICROS)
                        .toString());
        service.run(stage -> stage.close("connection"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"42.2.5", "42.5.6", "42.7.14"})
    void of_several_hosts_the_one_that_was_chosen_is_listed(String version) throws IOException {
        String refusing = SERVER.host() + ":" + closedPort();
        String chosen = SERVER.host() + ":" + SERVER.port();
        connect(version, SERVER.url().replace(chosen, refusing + "," + chosen), APP, SECRET);
        Backend row = onlyRow();
        assertThat(row.server()).isEqualTo(chosen);
        assertThat(row.state()).isEqualTo("idle");
        assertThat(service.backends().getServers())
                .hasSize(1)
                .allSatisfy(server -> assertThat(server).startsWith(APP + "@" + chosen));
        service.run(stage -> stage.close("connection"));
    }

    private static Backend onlyRow() {
        String pid = service.ask(stage -> stage.query("connection", "SELECT pg_backend_pid()"));
        Listing listing = Listing.of(service);
        assertThat(listing.backends()).hasSize(1);
        return listing.row(pid);
    }

    private static String activity(Backend row, String column) {
        return SERVER.look("SELECT " + column + " FROM pg_stat_activity WHERE pid = ?", row.pid());
    }

    private static void connect(String version, String url, String user, String password) {
        service.run(stage -> {
            stage.driver("driver", Drivers.jar(version));
            stage.openWith("driver", "connection", url, user, password);
        });
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
