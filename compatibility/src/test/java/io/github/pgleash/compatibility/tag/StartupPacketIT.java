// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.tag;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.compatibility.Drivers;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.compatibility.wire.Conversation;
import io.github.pgleash.compatibility.wire.Side;
import io.github.pgleash.compatibility.wire.WireTap;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What each driver version says from connect to ready, without the agent and with it. */
final class StartupPacketIT {
    private static final PostgresServer SERVER = PostgresServers.shared();
    private static final String SENDS_NO_NAME_AT_STARTUP = "42.7.5";

    private static ServiceJvm bare;
    private static ServiceJvm leashed;

    private final WireTap tap = WireTap.before(SERVER);

    @BeforeAll
    static void startServices() {
        bare = ServiceJvm.plan().start();
        leashed = ServiceJvm.plan().agent("app=shop").start();
    }

    @AfterAll
    static void endServices() {
        bare.close();
        leashed.close();
    }

    @AfterEach
    void closeTap() throws IOException {
        tap.close();
    }

    @ParameterizedTest
    @FieldSource("io.github.pgleash.compatibility.Drivers#ALL")
    void the_tag_is_sent_without_a_message_or_a_round_trip_more(String version) {
        connect(bare, version, "");
        connect(leashed, version, "");
        Conversation without = tap.conversation(0);
        Conversation with = tap.conversation(1);
        assertThat(with.roundTrips()).isLessThanOrEqualTo(without.roundTrips());
        assertThat(with.count(Side.FRONTEND)).isLessThanOrEqualTo(without.count(Side.FRONTEND));
        assertThat(with.count(Side.BACKEND)).isLessThanOrEqualTo(without.count(Side.BACKEND));

        String tag = leashed.backends().getTag();
        assertThat(leashed.ask(stage -> stage.query("connection", "SHOW application_name")))
                .isEqualTo(tag);
        if (version.equals(SENDS_NO_NAME_AT_STARTUP)) {
            assertThat(with.startup()).doesNotContainKey("application_name");
            assertThat(with.statements()).contains("SET application_name = '" + tag + "'");
        } else {
            assertThat(with.startup()).containsEntry("application_name", tag);
            assertThat(with.statements()).noneMatch(sql -> sql.startsWith("SET application_name"));
        }
    }

    @ParameterizedTest
    @FieldSource("io.github.pgleash.compatibility.Drivers#ALL")
    void the_tag_adds_nothing_else_to_the_start_up_packet(String version) {
        connect(bare, version, "");
        connect(leashed, version, "");
        assertThat(tap.conversation(1).startup().keySet())
                .isSubsetOf(
                        "user",
                        "database",
                        "client_encoding",
                        "DateStyle",
                        "TimeZone",
                        "extra_float_digits",
                        "application_name")
                .containsAll(tap.conversation(0).startup().keySet());
    }

    @Test
    void a_user_who_makes_the_broken_version_send_nothing_gets_the_tag_by_a_statement() {
        connect(leashed, SENDS_NO_NAME_AT_STARTUP, "&assumeMinServerVersion=9.0");
        String tag = leashed.backends().getTag();
        assertThat(tap.conversation(0).startup()).doesNotContainKey("application_name");
        assertThat(leashed.ask(stage -> stage.query("connection", "SHOW application_name")))
                .isEqualTo(tag)
                .isEqualTo(leashed.ask(stage -> stage.connection("connection").getClientInfo("ApplicationName")));
        assertThat(leashed.backends().getProblems()).isEmpty();
    }

    @Test
    void a_server_version_that_the_user_assumes_is_left_alone() {
        connect(leashed, "42.7.14", "&assumeMinServerVersion=9.6");
        connect(bare, "42.7.14", "&assumeMinServerVersion=9.6");
        assertThat(tap.conversation(0).statements())
                .isEqualTo(tap.conversation(1).statements());
        assertThat(tap.conversation(0).startup())
                .containsEntry("application_name", leashed.backends().getTag());
    }

    private void connect(ServiceJvm service, String version, String more) {
        String url = tap.url() + more;
        service.run(stage -> {
            stage.driver("driver", Drivers.jar(version));
            stage.openWith("driver", "connection", url, APP, SECRET);
        });
    }
}
