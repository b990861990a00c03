// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.worlds;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ProgramJvm;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The datasource of a WildFly, whose modules see nothing of the class path. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // Which does not know the methods that run before all tests.
final class WildFlyIT {
    private final PostgresServer server = PostgresServers.shared();
    private WildFly wildFly;

    @BeforeAll
    void start(@TempDir Path base) {
        wildFly = WildFly.start(base, server, ProgramJvm.agent(Trial.OPTIONS));
    }

    /** Also called where there is none. */
    @AfterAll
    void close() {
        if (wildFly != null) {
            wildFly.close();
        }
    }

    @Test
    void a_leak_is_found_and_both_its_ends_are_cleaned_up() {
        new Trial(wildFly, server).play();
    }

    /** An agent that touches logging or JMX in its premain has WildFly say WFLYLOG0078 and lose its own format. */
    @Test
    void its_log_manager_is_installed() {
        int unused = wildFly.count();
        assertThat(wildFly.backends().getConnections()).isEqualTo(1);
        assertThat(wildFly.program().stdout())
                .anyMatch(line -> line.contains("INFO  [org.jboss.as] (Controller Boot Thread) WFLYSRV0025"))
                .noneMatch(line -> line.contains("WFLYLOG0078"));
        assertThat(wildFly.program().stderr()).noneMatch(line -> line.startsWith("pgleash: "));
    }
}
