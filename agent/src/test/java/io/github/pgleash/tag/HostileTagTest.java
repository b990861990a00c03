// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.tag;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.HostileText;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whatever an application, a host or a connection calls itself, the tag is printable ASCII that no server cuts. */
class HostileTagTest {
    private static final int TRIES = 20_000;

    private final HostileText text = new HostileText();

    @Test
    void it_is_short_and_printable_and_keeps_what_identifies_the_process() {
        for (int i = 0; i < TRIES; i++) {
            TagPattern pattern = new TagPattern(text.oneOf(
                    "{app}@{host}:{pid}", "{original} {app}", "{pid}{instance}{app}", "x", "{app}{app}{app}"));
            String tag = pattern.render(Map.of(
                    "app", text.next(),
                    "host", text.next(),
                    "pid", "4711",
                    "instance", "7f3a9c12",
                    "original", text.next()));
            assertThat(tag.length()).as(text.seed()).isLessThanOrEqualTo(TagPattern.MAX_BYTES);
            assertThat(tag.chars().allMatch(c -> c >= ' ' && c <= '~'))
                    .as(text.seed())
                    .isTrue();
        }
        assertThat(new TagPattern("{app}@{host}:{pid}")
                        .render(Map.of("app", text.megabyte(), "host", text.megabyte(), "pid", "4711")))
                .endsWith(":4711");
        System.out.println(TRIES + " hostile tags, " + text.seed());
    }
}
