// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.connect;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.compatibility.Drivers;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.compatibility.service.Stage;
import io.github.pgleash.compatibility.track.Listing;
import java.sql.Driver;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Each driver version in class loaders of its own: one that sees the agent, one that does not. */
final class DriverVersionsIT {
    private static final PostgresServer SERVER = PostgresServers.shared();
    private static final String VERSIONS = "io.github.pgleash.compatibility.Drivers#ALL";

    private static ServiceJvm service;

    @BeforeAll
    static void startService() {
        service = ServiceJvm.plan().without("postgresql-").agent("app=shop").start();
    }

    @AfterAll
    static void endService() {
        service.close();
    }

    @ParameterizedTest
    @FieldSource(VERSIONS)
    void a_driver_that_does_not_see_the_agent_is_woven(String version) {
        String url = SERVER.url();
        service.run(stage -> {
            stage.driver("driver", Drivers.jar(version));
            stage.openWith("driver", "connection", url, APP, SECRET);
        });
        assertThat(service.ask(DriverVersionsIT::seesTheAgent)).isEqualTo("false");
        assertIsWoven();
    }

    @ParameterizedTest
    @FieldSource(VERSIONS)
    void a_driver_that_sees_the_agent_is_woven(String version) {
        String url = SERVER.url();
        service.run(stage -> {
            stage.driverInWebapp("driver", Drivers.jar(version));
            stage.openWith("driver", "connection", url, APP, SECRET);
        });
        assertThat(service.ask(DriverVersionsIT::seesTheAgent)).isEqualTo("true");
        assertIsWoven();
    }

    @Test
    void all_versions_are_woven_side_by_side() {
        String url = SERVER.url();
        for (String version : Drivers.ALL) {
            service.run(stage -> {
                stage.driver("isolated " + version, Drivers.jar(version));
                stage.openWith("isolated " + version, "isolated connection " + version, url, APP, SECRET);
                stage.driverInWebapp("webapp " + version, Drivers.jar(version));
                stage.openWith("webapp " + version, "webapp connection " + version, url, APP, SECRET);
            });
        }
        assertThat(Listing.of(service).backends())
                .hasSize(2 * Drivers.ALL.size())
                .allSatisfy(backend -> assertThat(backend.application_name()).startsWith("shop@"));
        for (String version : Drivers.ALL) {
            service.run(stage -> {
                stage.close("isolated connection " + version);
                stage.close("webapp connection " + version);
            });
        }
        assertThat(service.backends().getConnections()).isZero();
    }

    private static void assertIsWoven() {
        String pid = service.ask(stage -> stage.query("connection", "SELECT pg_backend_pid()"));
        assertThat(SERVER.look("SELECT application_name FROM pg_stat_activity WHERE pid = ?", Integer.valueOf(pid)))
                .startsWith("shop@")
                .endsWith(":" + service.pid())
                .isEqualTo(service.backends().getTag())
                .isEqualTo(service.ask(stage -> stage.connection("connection").getClientInfo("ApplicationName")));
        assertThat(Listing.of(service).row(pid).notes()).isEmpty();
        service.run(stage -> stage.close("connection"));
        assertThat(service.backends().getConnections()).isZero();
        assertThat(service.stderr()).isEmpty();
    }

    private static boolean seesTheAgent(Stage stage) {
        ClassLoader loader = stage.get("driver", Driver.class).getClass().getClassLoader();
        try {
            Class.forName("io.github.pgleash.connect.Door", false, loader);
            return true;
        } catch (ClassNotFoundException isHidden) {
            return false;
        }
    }
}
