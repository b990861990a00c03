// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.worlds;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.compatibility.Drivers;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers, drivers and JDKs against each other: one server for each version, one service for each driver and JDK. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MatrixIT {
    private final Map<Integer, PostgresServer> servers = new HashMap<>();
    private @Nullable Service service;

    static List<Cell> cells() {
        return Cell.all();
    }

    @AfterAll
    void close() {
        if (service != null) {
            service.jvm().close();
        }
        servers.values().forEach(PostgresServer::close);
    }

    @ParameterizedTest
    @MethodSource("cells")
    void a_leak_is_found_and_both_its_ends_are_cleaned_up(Cell cell) {
        PostgresServer server = servers.computeIfAbsent(cell.major(), PostgresServers::start);
        ServiceJvm jvm = service(cell.javaHome(), cell.driver());
        try (HikariTill till = HikariTill.open(jvm, server)) {
            new Trial(till, server).play();
            assertThat(server.version()).isEqualTo(cell.major());
        }
        assertThat(jvm.backends().getConnections()).isZero();
        assertThat(jvm.stderr()).as("trouble of the weaving").noneMatch(line -> line.startsWith("pgleash: "));
    }

    /** The one of the cell before, where it fits: cells come sorted. */
    private ServiceJvm service(Path javaHome, String driver) {
        Service current = service;
        if (current == null
                || !current.javaHome().equals(javaHome)
                || !current.driver().equals(driver)) {
            if (current != null) {
                current.jvm().close();
            }
            current = Service.start(javaHome, driver);
            service = current;
        }
        return current.jvm();
    }

    private record Service(Path javaHome, String driver, ServiceJvm jvm) {
        static Service start(Path javaHome, String driver) {
            return new Service(
                    javaHome,
                    driver,
                    ServiceJvm.plan()
                            .javaHome(javaHome)
                            .without("postgresql-")
                            .with(Drivers.jar(driver))
                            .agent(Trial.OPTIONS)
                            .start());
        }
    }
}
