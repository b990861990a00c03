// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.HostileText;
import io.github.pgleash.LineRules;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whatever is given as an id is an id, or is none; and what is kept of it is short. */
class HostileBackendIdTest {
    private static final int TRIES = 50_000;

    private final HostileText text = new HostileText();

    @Test
    void it_is_parsed_or_refused_in_one_sentence() {
        int ids = 0;
        for (int i = 0; i < TRIES; i++) {
            String given = id();
            assertThat(BackendId.kept(given).length()).isLessThanOrEqualTo(401);
            BackendId id = parse(given);
            if (id != null) {
                ids++;
                assertThat(id.pid() > 0 || id.server() != null)
                        .as("a pooler's pid with its server, " + text.seed())
                        .isTrue();
                assertThat(id.start() == null || id.start() > 0).isTrue();
                assertThat(id.server())
                        .satisfiesAnyOf(
                                server -> assertThat(server).isNull(),
                                server -> assertThat(server).isNotEmpty());
            }
        }
        assertThat(ids).as("ids among them").isGreaterThan(TRIES / 100);
        System.out.println(TRIES + " hostile ids, " + text.seed());
    }

    private static @Nullable BackendId parse(String given) {
        try {
            return BackendId.parse(given);
        } catch (IllegalArgumentException none) {
            assertThat(LineRules.trouble(String.valueOf(none.getMessage()), 200))
                    .isNull();
            return null;
        }
    }

    private String id() {
        String pid = text.oneOf("1", "4711", "2147483647", "2147483648", "0", "-7", "007", "٧", "", text.next());
        String server = text.oneOf("", "@", "@localhost:5432", "@[::1]:5432", "@" + text.next());
        String start = text.oneOf("", "#", "#1795351957028457", "#-1", "#9223372036854775808", "#" + text.next());
        return pid + server + start;
    }
}
