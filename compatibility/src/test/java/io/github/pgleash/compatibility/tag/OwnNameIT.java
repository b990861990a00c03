// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.tag;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.compatibility.track.Listing;
import java.sql.DriverManager;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An application that names its connections itself: the name is a part of the tag. */
final class OwnNameIT {
    private static final PostgresServer SERVER = PostgresServers.shared();

    private static ServiceJvm standard;
    private static ServiceJvm pattern;
    private static ServiceJvm off;

    @BeforeAll
    static void startServices() {
        standard = ServiceJvm.plan().agent("").start();
        pattern = ServiceJvm.plan()
                .agent("app=shop,tag={instance}/{app}({original})")
                .start();
        off = ServiceJvm.plan().agent("tagging=off,app=shop").start();
    }

    @AfterAll
    static void endServices() {
        standard.close();
        pattern.close();
        off.close();
    }

    @Test
    void a_name_in_the_url_is_the_application() {
        connect(standard, "?ApplicationName=orders", null);
        assertThat(name(standard)).startsWith("orders@").endsWith(":" + standard.pid());
        assertThat(standard.backends().getApplication()).isEqualTo("orders");
    }

    @Test
    void a_name_in_the_properties_is_the_application_and_the_properties_stay_as_they_are() {
        connect(standard, "", "orders");
        assertThat(name(standard)).startsWith("orders@");
        assertThat(standard.ask(stage -> stage.get("properties", Properties.class)))
                .contains("ApplicationName=orders")
                .doesNotContain("assumeMinServerVersion");
    }

    @Test
    void the_url_beats_the_properties() {
        connect(standard, "?ApplicationName=url", "properties");
        assertThat(name(standard)).startsWith("url@");
    }

    @Test
    void without_a_name_the_main_class_is_the_application() {
        connect(standard, "", null);
        assertThat(name(standard)).startsWith("ServiceMain@");
    }

    @Test
    void a_pattern_can_have_the_instance_and_the_original_name() {
        connect(pattern, "?ApplicationName=orders", null);
        assertThat(name(pattern)).matches("[0-9a-f]{8}/shop\\(orders\\)");
        assertThat(name(pattern)).startsWith(pattern.backends().getInstance());
        connect(pattern, "", null);
        assertThat(name(pattern)).isEqualTo(pattern.backends().getInstance() + "/shop()");
    }

    @Test
    void with_tagging_off_every_name_is_left_alone_and_the_connection_is_listed() {
        connect(off, "", null);
        assertThat(name(off)).isEqualTo("PostgreSQL JDBC Driver");
        connect(off, "?ApplicationName=orders", null);
        assertThat(name(off)).isEqualTo("orders");
        assertThat(Listing.of(off).row(pid(off))).satisfies(row -> {
            assertThat(row.application_name()).isEqualTo("orders");
            assertThat(row.notes()).isEmpty();
            assertThat(row.backend_start()).isNotNull();
        });
        assertThat(off.backends().getTag()).isEmpty();
    }

    private static void connect(ServiceJvm service, String more, @Nullable String name) {
        String url = SERVER.url() + more;
        service.run(stage -> {
            Properties properties = stage.put("properties", new Properties());
            properties.setProperty("user", APP);
            properties.setProperty("password", SECRET);
            if (name != null) {
                properties.setProperty("ApplicationName", name);
            }
            stage.put("connection", DriverManager.getConnection(url, properties));
        });
    }

    private static String name(ServiceJvm service) {
        return SERVER.look(
                "SELECT application_name FROM pg_stat_activity WHERE pid = ?", Integer.valueOf(pid(service)));
    }

    private static String pid(ServiceJvm service) {
        return service.ask(stage -> stage.query("connection", "SELECT pg_backend_pid()"));
    }
}
