// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.report;

import io.github.pgleash.judge.Finding;
import io.github.pgleash.judge.Verdict;
import io.github.pgleash.observe.ActivityRow;
import io.github.pgleash.track.TrackedConnection;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Findings of the kinds that the reports tell apart. */
final class Findings {
    static final Instant BEGAN = Instant.parse("2026-01-02T03:04:05.678901Z");

    private Findings() {}

    static Finding unknown(TrackedConnection connection) {
        return new Finding(connection, null, null, null, Verdict.HEALTHY);
    }

    static Finding in(@Nullable String state, TrackedConnection connection) {
        return new Finding(connection, null, null, row(state, connection, connection.tag()), Verdict.HEALTHY);
    }

    static Finding stuck(TrackedConnection connection) {
        return new Finding(
                connection,
                null,
                null,
                row("idle in transaction", connection, connection.tag()),
                new Verdict(Verdict.Kind.STUCK, Verdict.Confidence.CERTAIN, "has been idle in transaction for 2 min"));
    }

    static ActivityRow row(@Nullable String state, TrackedConnection connection, @Nullable String applicationName) {
        return row(state, connection, "joe", "shop", applicationName, "update t set a = 'zecret' where id = 7");
    }

    static ActivityRow row(
            @Nullable String state,
            TrackedConnection connection,
            @Nullable String role,
            @Nullable String database,
            @Nullable String applicationName,
            @Nullable String query) {
        return new ActivityRow(
                connection.pid(),
                17,
                Duration.ofHours(1),
                role,
                database,
                applicationName,
                "10.0.0.1",
                state,
                BEGAN,
                BEGAN,
                BEGAN,
                Duration.ofMinutes(3),
                Duration.ofMinutes(2),
                Duration.ofSeconds(150),
                "Client",
                "ClientRead",
                query,
                null,
                false);
    }

    /** A row of a session whose details our role may not see. */
    static ActivityRow hidden(TrackedConnection connection) {
        return new ActivityRow(
                connection.pid(),
                17,
                Duration.ZERO,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                false);
    }
}
