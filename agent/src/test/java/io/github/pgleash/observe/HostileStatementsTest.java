// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.github.pgleash.HostileText;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Whatever a statement is, it is shown in a bounded time and length, or not at all. */
class HostileStatementsTest {
    private static final int TRIES = 50_000;
    private static final int LONGEST = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final HostileText text = new HostileText();

    @Test
    void hostile_statements_are_masked_and_shown() {
        for (int i = 0; i < TRIES; i++) {
            check(text.next());
        }
        System.out.println(TRIES + " hostile statements, " + text.seed());
    }

    @Test
    void a_megabyte_of_anything_takes_no_more_than_its_length() {
        long began = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            check(text.megabyte());
        }
        for (String repeated :
                new String[] {"$a$", "$a$b", "/*", "*/", "'", "\\'", "E'", "--", "$", "1e", "\"", "a'"}) {
            check(repeated.repeat(1 << 19));
        }
        StringBuilder tags = new StringBuilder();
        for (int i = 0; tags.length() < 1 << 20; i++) {
            tags.append("$t").append(i).append("$ ");
        }
        check(tags.toString());
        check(tags.reverse().toString());
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(PATIENCE);
    }

    @Test
    void a_literal_among_hostile_text_is_never_shown() {
        for (int i = 0; i < TRIES; i++) {
            String before =
                    text.oneOf("", "select ", "a, ", "$1 ", "\"" + text.next().replace("\"", "") + "\" ");
            String statement = before + "'zecret" + text.next();
            assertThat(StatementText.MASKED.of(statement))
                    .as(() -> text.seed() + ": " + statement)
                    .doesNotContain("zecret");
        }
    }

    private void check(String statement) {
        for (StatementText mode : StatementText.values()) {
            assertThatNoException().as(text.seed()).isThrownBy(() -> {
                String shown = mode.of(statement);
                assertThat(shown == null || shown.length() <= LONGEST).isTrue();
                assertThat(shown == null || shown.chars().noneMatch(Character::isISOControl))
                        .isTrue();
            });
        }
    }
}
