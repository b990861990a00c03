// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.connect;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.compatibility.Drivers;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.compatibility.track.Listing;
import io.github.pgleash.jmx.BackendsMXBean;
import java.sql.PreparedStatement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The agent comes to a service that already has connections. */
final class AttachIT {
    private static final PostgresServer SERVER = PostgresServers.shared();

    private final ServiceJvm service =
            ServiceJvm.plan().jvmArgument("-XX:+EnableDynamicAgentLoading").start();

    @AfterEach
    void endService() {
        service.close();
    }

    @Test
    void open_connections_are_adopted_when_they_are_used_next() {
        String url = SERVER.url();
        for (String version : Drivers.ALL) {
            service.run(stage -> {
                stage.driver(version, Drivers.jar(version));
                stage.openWith(version, "early " + version, url, APP, SECRET);
                stage.openWith(version, "prepared " + version, url, APP, SECRET);
                stage.put(
                        "statement " + version,
                        stage.connection("prepared " + version).prepareStatement("SELECT pg_backend_pid()"));
            });
        }
        service.attach("app=late");
        int count = 0;
        for (String version : Drivers.ALL) {
            String early = pidOf("early " + version);
            assertThat(service.backends().getConnections()).as(version).isEqualTo(++count);
            service.run(stage ->
                    stage.get("statement " + version, PreparedStatement.class).execute());
            assertThat(service.backends().getConnections()).as(version).isEqualTo(++count);
            service.run(stage -> stage.openWith(version, "new " + version, url, APP, SECRET));
            String added = pidOf("new " + version);

            Listing listing = Listing.of(service);
            assertThat(listing.backends()).as(version).hasSize(++count);
            assertThat(listing.row(early).notes()).contains("opened before pgleash was attached");
            assertThat(listing.row(early).state()).isEqualTo("idle");
            assertThat(listing.row(added).notes()).isEmpty();
            assertThat(listing.row(added).application_name()).startsWith("late@");
        }
        for (String version : Drivers.ALL) {
            service.run(stage -> {
                stage.close("early " + version);
                stage.close("prepared " + version);
                stage.close("new " + version);
            });
        }
        assertThat(service.backends().getConnections()).isZero();
        assertThat(service.stderr()).isEmpty();
    }

    @Test
    void a_driver_that_is_loaded_after_the_attach_is_woven() {
        String url = SERVER.url();
        service.attach("app=late");
        service.run(stage -> stage.open("orders", url, APP, SECRET));
        assertThat(service.ask(stage -> stage.query("orders", "SHOW application_name")))
                .startsWith("late@");
        assertThat(service.backends().getConnections()).isEqualTo(1);
    }

    @Test
    void attaching_again_says_so_in_one_line_and_changes_nothing() {
        String url = SERVER.url();
        service.attach("app=first");
        service.run(stage -> stage.open("orders", url, APP, SECRET));
        BackendsMXBean bean = service.backends();
        String instance = bean.getInstance();
        service.attach("app=second,tagging=off");
        assertThat(service.awaitStderr("pgleash")).contains("in this JVM already");
        service.run(stage -> stage.open("customers", url, APP, SECRET));
        assertThat(service.ask(stage -> stage.query("customers", "SHOW application_name")))
                .startsWith("first@");
        assertThat(bean.getInstance()).isEqualTo(instance);
        assertThat(bean.getConnections()).isEqualTo(2);
        assertThat(service.stderr()).hasSize(1);
    }

    private String pidOf(String connection) {
        return service.ask(stage -> stage.query(connection, "SELECT pg_backend_pid()"));
    }
}
