// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.track.ServerRun.Relation;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ServerRunTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.1:5432, 2026-01-01T00:00:00Z, 10.0.0.1:5432, 2026-01-01T00:00:00Z, SAME",
        "10.0.0.1:5432, 2026-01-02T00:00:00Z, 10.0.0.1:5432, 2026-01-01T00:00:00Z, RESTARTED",
        "10.0.0.1:5432, 2026-01-01T00:00:00Z, 10.0.0.1:5432, 2026-01-02T00:00:00Z, OTHER",
        "10.0.0.2:5432, 2026-01-02T00:00:00Z, 10.0.0.1:5432, 2026-01-01T00:00:00Z, OTHER",
        "10.0.0.1:5433, 2026-01-01T00:00:00Z, 10.0.0.1:5432, 2026-01-01T00:00:00Z, OTHER",
        "            , 2026-01-01T00:00:00Z,              , 2026-01-01T00:00:00Z, SAME",
        "            , 2026-01-01T00:00:00Z, 10.0.0.1:5432, 2026-01-01T00:00:00Z, OTHER",
        "10.0.0.1:5432,                     , 10.0.0.1:5432, 2026-01-01T00:00:00Z, SAME",
    })
    void a_server_never_starts_earlier_than_before_and_keeps_its_address(
            @Nullable String address,
            @Nullable Instant started,
            @Nullable String earlierAddress,
            @Nullable Instant earlierStarted,
            Relation relation) {
        assertThat(new ServerRun(address, started).relationTo(new ServerRun(earlierAddress, earlierStarted)))
                .isEqualTo(relation);
    }
}
