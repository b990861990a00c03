// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.track;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.github.pgleash.compatibility.Drivers;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ScriptFailed;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.compatibility.wire.WireTap;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With a loginTimeout the driver connects on a thread of its own, which it may give up. */
final class LoginTimeoutIT {
    private static final PostgresServer SERVER = PostgresServers.shared();

    @ParameterizedTest
    @ValueSource(strings = {"42.2.5", "42.5.6", "42.7.14"})
    void a_connection_made_by_another_thread_is_listed_and_an_abandoned_one_is_not(String version) throws IOException {
        try (WireTap tap = WireTap.before(SERVER);
                ServiceJvm service = ServiceJvm.plan().agent("app=patient").start()) {
            String url = tap.url() + "&loginTimeout=";
            service.run(stage -> {
                stage.driver("driver", Drivers.jar(version));
                stage.openWith("driver", "connection", url + 20, APP, SECRET);
            });
            assertThat(service.ask(stage -> stage.query("connection", "SHOW application_name")))
                    .startsWith("patient@");
            assertThat(service.backends().getConnections()).isEqualTo(1);

            tap.stall();
            assertThatExceptionOfType(ScriptFailed.class)
                    .isThrownBy(() -> service.run(stage -> stage.openWith("driver", "late", url + 1, APP, SECRET)));
            tap.resume();
            await().atMost(ServiceJvm.DEADLINE)
                    .until(() -> SERVER.column("SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'patient@%'")
                                    .size()
                            == 1);
            await().atMost(ServiceJvm.DEADLINE).until(() -> service.backends().getConnections() == 1);
            assertThat(service.stderr()).noneMatch(line -> line.contains("trouble"));
        }
    }
}
