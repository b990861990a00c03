// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.options.Option;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HelpTest {
    @ParameterizedTest
    @EnumSource(Option.class)
    void the_help_has_every_option_with_its_default_and_meaning(Option option) {
        String standard = option.defaultText().isEmpty() ? "" : " (" + option.defaultText() + ")";

        assertThat(Help.text()).contains("\n  " + option.key() + standard + "\n      " + option.meaning() + "\n");
    }
}
