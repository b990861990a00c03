// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.connect;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The driver is there before the agent's premain: another agent loaded it, as an AOT cache would. */
final class EarlyDriverIT {
    private static final PostgresServer SERVER = PostgresServers.shared();

    @Test
    void a_driver_that_was_loaded_before_premain_is_woven(@TempDir Path folder) throws IOException {
        String url = SERVER.url();
        Path hasty = ProbeJar.of(Hasty.class, folder);
        try (ServiceJvm service = ServiceJvm.plan()
                .jvmArgument("-javaagent:" + hasty)
                .agent("app=shop")
                .start()) {
            assertThat(service.ask(stage -> System.getProperty("hasty"))).isEqualTo("loaded the driver");
            service.run(stage -> stage.open("orders", url, APP, SECRET));
            assertThat(service.ask(stage -> stage.query("orders", "SHOW application_name")))
                    .startsWith("shop@");
            assertThat(service.backends().getConnections()).isEqualTo(1);
            assertThat(service.stderr()).isEmpty();
        }
    }

    /** An agent that initialises the driver. */
    static final class Hasty {
        private Hasty() {}

        public static void premain(String options) throws ClassNotFoundException {
            Class.forName("org.postgresql.jdbc.PgConnection");
            System.setProperty("hasty", "loaded the driver");
        }
    }
}
