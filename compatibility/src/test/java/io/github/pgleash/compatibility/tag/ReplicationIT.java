// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.tag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.pgleash.compatibility.Drivers;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.compatibility.track.Listing;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A replication connection's application_name is the name of a standby, by which the server decides about commits. */
final class ReplicationIT {
    private static final PostgresServer SERVER = PostgresServers.shared();

    private static ServiceJvm service;

    @BeforeAll
    static void startService() {
        SERVER.createRole("standby", "standby", "REPLICATION");
        service = ServiceJvm.plan().agent("app=shop").start();
    }

    @AfterAll
    static void endService() {
        service.close();
    }

    /** Not 42.7.5, which itself loses the name of every connection that has assumeMinServerVersion. */
    @ParameterizedTest
    @ValueSource(strings = {"42.2.5", "42.6.2", "42.7.14"})
    void a_replication_connection_is_neither_tagged_nor_listed(String version) {
        String plain = SERVER.url() + "?ApplicationName=standby1&assumeMinServerVersion=9.4";
        String replication = plain + "&replication=database&preferQueryMode=simple";
        service.run(stage -> {
            stage.driver("driver", Drivers.jar(version));
            stage.openWith("driver", "walsender", replication, "standby", "standby");
        });
        assertThat(SERVER.column("""
                        SELECT application_name FROM pg_stat_activity
                         WHERE backend_type = 'walsender' AND usename = 'standby'""")).containsExactly("standby1");
        assertThat(service.backends().getConnections()).isZero();

        service.run(stage -> stage.openWith("driver", "plain", plain, "standby", "standby"));
        assertThat(Listing.of(service).backends())
                .hasSize(1)
                .allSatisfy(row -> assertThat(row.application_name()).startsWith("shop@"));
        service.run(stage -> {
            stage.close("walsender");
            stage.close("plain");
        });
        await().atMost(ServiceJvm.DEADLINE)
                .until(() -> SERVER.column("SELECT 1 FROM pg_stat_activity WHERE backend_type = 'walsender'")
                        .isEmpty());
    }
}
