// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AnyOptionTest {
    private final Properties system = new Properties();

    @Test
    void none_is_given_where_nobody_has_written_one() {
        system.setProperty("java.home", "here");
        system.setProperty("my.pgleash.app", "x");
        assertThat(AnyOption.isGiven(null, system, Map.of("PATH", "x", "MY_PGLEASH_APP", "x")))
                .isFalse();
        assertThat(AnyOption.isGiven("", system, Map.of())).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void each_is_noticed_wherever_it_is_written(Option option) {
        assertThat(AnyOption.isGiven(option.key() + "=x", system, Map.of())).isTrue();
        assertThat(AnyOption.isGiven(null, system, Map.of(option.environmentVariable(), "")))
                .isTrue();
        system.setProperty(option.systemProperty(), "");
        assertThat(AnyOption.isGiven(null, system, Map.of())).isTrue();
    }

    @Test
    void so_is_a_mistyped_one() {
        assertThat(AnyOption.isGiven("leak", system, Map.of())).isTrue();
        assertThat(AnyOption.isGiven(null, system, Map.of("PGLEASH_LEEK", "1s")))
                .isTrue();
        system.setProperty("pgleash.leek", "1s");
        assertThat(AnyOption.isGiven(null, system, Map.of())).isTrue();
    }

    @Test
    void the_defaults_are_what_is_read_where_none_is_given() {
        assertThat(Options.defaults()).isEqualTo(Options.read("", new Properties(), Map.of()));
        assertThat(Options.defaults().complaints()).isEmpty();
    }
}
