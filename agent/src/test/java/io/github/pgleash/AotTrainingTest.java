// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AotTrainingTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "java\0-XX:AOTCacheOutput=app.aot\0-jar\0app.jar",
                "-javaagent:pgleash.jar -XX:AOTMode=record -XX:AOTConfiguration=app.conf",
            })
    void a_run_that_records_is_recognised(String commandLine) {
        assertThat(AotTraining.records(commandLine)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "java\0-jar\0app.jar",
                "java\0-XX:AOTCache=app.aot\0-jar\0app.jar",
                "java\0-XX:AOTMode=on\0-XX:AOTCache=app.aot\0-jar\0app.jar",
            })
    void a_run_that_does_not_is_left_alone(String commandLine) {
        assertThat(AotTraining.records(commandLine)).isFalse();
    }

    @Test
    void the_tests_record_nothing() {
        assertThat(AotTraining.records(null)).isFalse();
        assertThat(AotTraining.isOn()).isFalse();
    }
}
