// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class PremainTest {
    private static final int JAVA_8 = 52;

    @Test
    void any_jvm_from_java_8_on_can_load_the_entry_class() throws Exception {
        assertThat(entry().major()).isEqualTo(JAVA_8);
    }

    @Test
    void the_entry_class_knows_one_class_of_the_rest_and_only_to_call_it() throws Exception {
        assertThat(entry().classes())
                .filteredOn(name -> name.startsWith("io/github/pgleash"))
                .containsOnly("io/github/pgleash/Premain", "io/github/pgleash/Agent");
    }

    @ParameterizedTest
    @ValueSource(strings = {"17", "18", "21", "25", "100"})
    void a_jvm_that_is_new_enough_is_supported(String version) {
        assertThat(Premain.supports(version)).isTrue();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"1.8", "1.7", "1.17", "9", "11", "16", "0", "-17", "", " ", "abc", "17.0.1", "99999999999"})
    void any_other_jvm_is_not(@Nullable String version) {
        assertThat(Premain.supports(version)).isFalse();
    }

    private static ClassFile entry() throws Exception {
        try (InputStream in = Objects.requireNonNull(Premain.class.getResourceAsStream("Premain.class"))) {
            return ClassFile.read(in);
        }
    }
}
