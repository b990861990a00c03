// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.tag;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaggerTest {
    private static final Instance INSTANCE = new Instance("0123abcd", "client", 4711, "main");

    @ParameterizedTest
    @CsvSource({
        "configured, own, configured",
        "configured,, configured",
        ", own, own",
        ",, main",
        ", ' ', main",
    })
    void the_application_is_as_configured_else_as_the_connection_says_else_the_main_class(
            @Nullable String configured, @Nullable String own, String application) {
        Tagger tagger = tagger("{app}", configured);

        assertThat(tagger.tagFor(own)).isEqualTo(application);
        assertThat(tagger.application()).isEqualTo(application);
        assertThat(tagger.latest()).isEqualTo(application);
    }

    @Test
    void before_the_first_connection_there_is_a_name_and_no_tag() {
        assertThat(tagger("{app}:{pid}", null).application()).isEqualTo("main");
        assertThat(tagger("{app}:{pid}", "configured").application()).isEqualTo("configured");
        assertThat(tagger("{app}:{pid}", "configured").latest()).isEmpty();
    }

    @Test
    void all_parts_are_filled_in() {
        assertThat(tagger("{app}|{host}|{pid}|{instance}|{original}", "configured")
                        .tagFor("own"))
                .isEqualTo("configured|client|4711|0123abcd|own");
        assertThat(tagger("<{original}>", "configured").tagFor(null)).isEqualTo("<>");
    }

    @Test
    void the_tag_replaces_the_name_in_the_settings() {
        Tagger tagger = tagger("{app}:{pid}", null);
        Properties info = settings("ApplicationName", "own");

        tagger.tag(info, true);

        assertThat(info.getProperty("ApplicationName")).isEqualTo("own:4711");
        assertThat(tagger.tagIn(info)).isEqualTo("own:4711");
    }

    @Test
    void a_name_among_the_defaults_of_the_settings_counts_too() {
        Properties info = new Properties(settings("ApplicationName", "own"));

        tagger("{app}:{pid}", null).tag(info, false);

        assertThat(info.getProperty("ApplicationName")).isEqualTo("own:4711");
    }

    @Test
    void a_driver_that_can_is_told_to_send_the_name_at_startup() {
        Properties info = new Properties();

        tagger("{app}", null).tag(info, true);

        assertThat(info.getProperty("assumeMinServerVersion")).isEqualTo("9.0");
    }

    @Test
    void a_driver_that_cannot_is_not() {
        Properties info = new Properties();

        tagger("{app}", null).tag(info, false);

        assertThat(info).containsOnlyKeys("ApplicationName");
    }

    @Test
    void what_the_application_assumes_of_the_server_stays() {
        Properties info = settings("assumeMinServerVersion", "12");

        tagger("{app}", null).tag(info, true);

        assertThat(info.getProperty("assumeMinServerVersion")).isEqualTo("12");
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "database", "TRUE", "on", ""})
    void replication_is_recognised(String replication) {
        assertThat(Tagger.isReplication(settings("replication", replication))).isTrue();
    }

    @Test
    void everything_else_is_no_replication() {
        assertThat(Tagger.isReplication(new Properties())).isFalse();
        assertThat(Tagger.isReplication(settings("replication", "false"))).isFalse();
        assertThat(Tagger.isReplication(settings("replication", "False"))).isFalse();
    }

    private static Tagger tagger(String pattern, @Nullable String application) {
        return new Tagger(new TagPattern(pattern), INSTANCE, application);
    }

    private static Properties settings(String key, String value) {
        Properties settings = new Properties();
        settings.setProperty(key, value);
        return settings;
    }
}
