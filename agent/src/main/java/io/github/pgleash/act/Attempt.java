// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import io.github.pgleash.act.Receipt.Action;
import io.github.pgleash.judge.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One action while it is under way: what becomes its receipt, as far as it is known. Used by one thread. */
final class Attempt {
    final Action action;
    final String by;
    /** What it was decided upon; null when it was asked for by hand. */
    final @Nullable Finding judged;

    final Instant time = Instant.now();
    final long began = System.nanoTime();
    String backend;
    /** The backend as it was known last; null when it never was. */
    @Nullable
    Finding seen;

    boolean slotFreed;
    /** Null until it is over. */
    @Nullable
    Receipt receipt;
    /** Why the backend is to be spared, as it was read last; empty when it is not. */
    Function<Finding, String> objection = now -> "";

    /** @param backend an id, as it was given */
    Attempt(Action action, @Nullable String backend, String by, @Nullable Finding judged) {
        this.action = action;
        this.backend = BackendId.kept(backend);
        this.by = by;
        this.judged = judged;
        this.seen = judged;
    }

    /** Ends it. Only now is the evidence written out: a thousand of them would keep the first signal waiting. */
    Receipt end(Result result) {
        Receipt made = new Receipt(
                time,
                action,
                backend,
                result.outcome(),
                result.reason(),
                by,
                result.rung(),
                Duration.ofNanos(System.nanoTime() - began),
                slotFreed,
                seen == null ? "" : Evidence.of(seen));
        receipt = made;
        return made;
    }
}
