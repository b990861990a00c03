// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.rights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.pgleash.compatibility.observe.Sessions;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An application's password is in the heap no longer than the connections that were made with it. */
final class PasswordHeldIT {
    private final PostgresServer server = PostgresServers.shared();
    private final String password = "Zq" + UUID.randomUUID().toString().replace("-", "");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"off", "on"})
    void it_is_gone_with_the_last_connection_also_when_it_was_used_for_a_control_connection(String reserve)
            throws IOException {
        server.createRole("mortal", password, "");
        try (ServiceJvm service = ServiceJvm.plan()
                .agent("app=mortal,patrol.interval=100ms,control.reserve=" + reserve)
                .start()) {
            Sessions sessions = new Sessions(service, server.url(), "mortal", password);
            sessions.idle("one");
            int two = sessions.idleInTransaction("two");
            service.backends().refresh();
            assertThat(service.backends().getProblems()).isEmpty();
            assertThat(isInHeap(service)).as("held while it is needed").isTrue();
            sessions.close("one");
            assertThat(service.backends().terminate(Integer.toString(two)).outcome())
                    .isEqualTo("GONE");
            sessions.close("two");
            awaitForgotten(service);
        }
    }

    @Test
    void an_older_password_is_gone_once_a_newer_has_worked() throws IOException {
        server.createRole("renewed", password, "");
        try (ServiceJvm service = ServiceJvm.plan().agent("app=renewed").start()) {
            new Sessions(service, server.url(), "renewed", password).idle("old");
            assertThat(isInHeap(service)).isTrue();
            String newer = "newer" + password.length();
            server.createRole("renewed", newer, "");
            new Sessions(service, server.url(), "renewed", newer).idle("new");
            service.backends().refresh();
            awaitForgotten(service);
            assertThat(service.backends().getConnections()).isEqualTo(2);
        }
    }

    @Test
    void it_is_gone_even_if_the_server_had_refused_it_last() throws IOException {
        server.createRole("refused", password, "");
        try (ServiceJvm service =
                ServiceJvm.plan().agent("app=refused,patrol.interval=100ms").start()) {
            Sessions sessions = new Sessions(service, server.url(), "refused", password);
            sessions.idle("job");
            server.createRole("refused", "another", "");
            service.backends().refresh();
            assertThat(service.backends().getProblems()).isNotEmpty();
            sessions.close("job");
            awaitForgotten(service);
        }
    }

    /** The patrol, and what the script brought along, need a moment. */
    private void awaitForgotten(ServiceJvm service) {
        await().atMost(ServiceJvm.DEADLINE).until(() -> !isInHeap(service));
    }

    private boolean isInHeap(ServiceJvm service) throws IOException {
        try (HeapDump dump = HeapDump.of(service, folder)) {
            return dump.contains(password);
        }
    }
}
