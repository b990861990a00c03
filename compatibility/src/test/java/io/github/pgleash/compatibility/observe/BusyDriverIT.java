// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.observe;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;

import io.github.pgleash.compatibility.Drivers;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.jmx.BackendsMXBean;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Up to 42.7.5 the driver tells its transaction state only to who gets its lock, which a long statement holds. */
final class BusyDriverIT {
    private final PostgresServer server = PostgresServers.shared();

    @ParameterizedTest
    @ValueSource(strings = {"42.5.6", "42.6.2"})
    void the_patrol_does_not_wait_for_who_runs_a_statement(String version) {
        String url = server.url();
        String jar = Drivers.jar(version).toString();
        try (ServiceJvm service =
                ServiceJvm.plan().agent("app=busy,patrol.interval=100ms").start()) {
            service.run(stage -> {
                stage.driver("driver", Path.of(jar));
                stage.openWith("driver", "report", url, APP, SECRET);
            });
            Sessions sessions = Sessions.of(service, server);
            int pid = Integer.parseInt(sessions.query("report", "SELECT pg_backend_pid()"));
            sessions.start("report", "SELECT pg_sleep(300)");
            Onlooker onlooker = new Onlooker(server);
            onlooker.await(pid, "active");
            onlooker.awaitAge(pid, Duration.ofSeconds(1)); // rounds in which nobody has read
            BackendsMXBean bean = service.backends();
            Awaitility.await().atMost(ServiceJvm.DEADLINE).until(() -> bean.getActive() == 1);
        }
    }
}
