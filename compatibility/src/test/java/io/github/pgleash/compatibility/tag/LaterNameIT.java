// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.tag;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.compatibility.Drivers;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.compatibility.track.Listing;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A name may be reset by a pool between two borrows, or set anew by the application. */
final class LaterNameIT {
    private static final PostgresServer SERVER = PostgresServers.shared();
    private static final String LOST = "tag lost";

    private static ServiceJvm service;

    @BeforeAll
    static void startService() {
        service = ServiceJvm.plan().agent("app=shop").start();
    }

    @AfterAll
    static void endService() {
        service.close();
    }

    @BeforeEach
    void connect() {
        connect("42.7.14");
    }

    @ParameterizedTest
    @FieldSource("io.github.pgleash.compatibility.Drivers#ALL")
    void the_tag_survives_discard_all_and_reset_all(String version) {
        connect(version);
        service.run(stage -> stage.execute("connection", "DISCARD ALL"));
        String afterDiscard = onTheServer();
        service.run(stage -> stage.execute("connection", "RESET ALL"));
        String afterReset = onTheServer();
        if (version.equals("42.7.5")) {
            // It has no way to send the name at start-up, so the name is what SET made it, as without the agent.
            assertThat(afterDiscard).isEmpty();
            assertThat(afterReset).isEmpty();
            assertThat(notes()).contains(LOST);
        } else {
            assertThat(afterDiscard)
                    .isEqualTo(service.backends().getTag())
                    .isEqualTo(afterReset)
                    .isEqualTo(
                            service.ask(stage -> stage.connection("connection").getClientInfo("ApplicationName")));
            assertThat(notes()).isEmpty();
        }
    }

    @Test
    void a_name_that_the_application_sets_as_client_info_is_kept() {
        assertThat(notes()).isEmpty();
        service.run(stage -> stage.connection("connection").setClientInfo("ApplicationName", "invoice 4711"));
        assertThatTheWishIsKept("invoice 4711");
        assertThat(service.ask(stage -> stage.connection("connection").getClientInfo("ApplicationName")))
                .isEqualTo("invoice 4711");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SET application_name = 'invoice 4711'", "SET SESSION application_name TO 'invoice 4711'"})
    void a_name_that_the_application_sets_by_a_statement_is_kept(String sql) {
        service.run(stage -> stage.execute("connection", sql));
        assertThatTheWishIsKept("invoice 4711");
    }

    @Test
    void the_tag_that_the_application_restores_is_not_lost() {
        String tag = onTheServer();
        service.run(stage -> stage.connection("connection").setClientInfo("ApplicationName", "invoice 4711"));
        assertThat(notes()).contains(LOST);
        service.run(stage -> stage.connection("connection").setClientInfo("ApplicationName", tag));
        assertThat(notes()).isEmpty();
    }

    private static void assertThatTheWishIsKept(String name) {
        assertThat(notes()).contains(LOST);
        service.run(stage -> stage.query("connection", "SELECT 1"));
        assertThat(notes()).contains(LOST);
        assertThat(onTheServer()).isEqualTo(name);
    }

    private static void connect(String version) {
        String url = SERVER.url();
        service.run(stage -> {
            stage.driver("driver", Drivers.jar(version));
            stage.openWith("driver", "connection", url, APP, SECRET);
        });
    }

    private static String notes() {
        return Listing.of(service).row(pid()).notes();
    }

    private static String onTheServer() {
        return SERVER.look("SELECT application_name FROM pg_stat_activity WHERE pid = ?", Integer.valueOf(pid()));
    }

    private static String pid() {
        return service.ask(stage -> stage.query("connection", "SELECT pg_backend_pid()"));
    }
}
