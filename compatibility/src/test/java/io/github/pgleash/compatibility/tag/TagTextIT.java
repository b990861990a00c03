// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.tag;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.compatibility.track.Listing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names that are long, or in other alphabets: the server gets printable ASCII, whole, in at most 63 bytes. */
final class TagTextIT {
    private static final PostgresServer SERVER = PostgresServers.shared();
    private static final String LONG = "x123456789".repeat(30);

    private static ServiceJvm onLongHost;

    @BeforeAll
    static void startService() {
        onLongHost = ServiceJvm.plan().environment("HOSTNAME", LONG).agent("").start();
    }

    @AfterAll
    static void endService() {
        onLongHost.close();
    }

    @Test
    void a_long_application_on_a_long_host_still_has_its_pid() {
        assertThat(nameOnTheServer(onLongHost, LONG))
                .hasSize(63)
                .matches("x1234567[0-9x]*@x1234567[0-9x]*:" + onLongHost.pid());
    }

    @ParameterizedTest
    @CsvSource({
        "Größe über Äpfel, Grosse uber Apfel@x",
        "🐘 shop 🐘, _ shop _@x",
        "日本, __@x",
        "a'b\"c\\d, a'b\"c\\d@x",
    })
    void what_is_not_ascii_is_written_so(String name, String beginning) {
        assertThat(nameOnTheServer(onLongHost, name))
                .startsWith(beginning)
                .endsWith(":" + onLongHost.pid())
                .hasSizeLessThanOrEqualTo(63);
    }

    @Test
    void control_characters_do_not_reach_the_server() {
        assertThat(nameOnTheServer(onLongHost, "a\nb\tc\u0007")).startsWith("a_b_c_@");
    }

    @Test
    void an_option_may_be_of_emoji_and_long(@TempDir Path folder) throws IOException {
        Path config = folder.resolve("pgleash.properties");
        Files.writeString(config, "app=🐘über" + LONG, StandardCharsets.UTF_8);
        try (ServiceJvm service = ServiceJvm.plan()
                .environment("HOSTNAME", "orders-7d9f.default.svc.cluster.local")
                .agent("config=" + config)
                .start()) {
            assertThat(nameOnTheServer(service, "ignored"))
                    .hasSize(63)
                    .startsWith("_uberx123")
                    .endsWith("@orders-7d9f:" + service.pid());
        }
    }

    private static String nameOnTheServer(ServiceJvm service, String own) {
        String url = SERVER.url();
        String pid = service.ask(stage -> {
            Properties properties = new Properties();
            properties.setProperty("user", APP);
            properties.setProperty("password", SECRET);
            properties.setProperty("ApplicationName", own);
            stage.put("connection", DriverManager.getConnection(url, properties));
            return stage.query("connection", "SELECT pg_backend_pid()");
        });
        String name = SERVER.look("SELECT application_name FROM pg_stat_activity WHERE pid = ?", Integer.valueOf(pid));
        assertThat(service.ask(stage -> stage.query("connection", "SHOW application_name")))
                .isEqualTo(name);
        assertThat(service.ask(stage -> stage.connection("connection").getClientInfo("ApplicationName")))
                .isEqualTo(name);
        assertThat(service.ask(stage -> stage.connection("connection").getWarnings()))
                .isEqualTo("null");
        assertThat(Listing.of(service).row(pid).notes()).isEmpty();
        return name;
    }
}
