// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.act.Outcome;
import io.github.pgleash.act.Receipt;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReceiptsTest {
    @TempDir
    private Path folder;

    private Path log;
    private Receipts receipts;

    @BeforeEach
    void start() {
        log = folder.resolve("log.txt");
        receipts = new Receipts(new Notifications(), LineLogger.to(log));
    }

    @Test
    void the_last_two_hundred_are_remembered_newest_first() {
        for (int i = 1; i <= 201; i++) {
            receipts.accept(receipt("b" + i, Outcome.GONE, false));
        }

        assertThat(receipts.newestFirst()).hasSize(200);
        assertThat(receipts.newestFirst().get(0).backend()).isEqualTo("b201");
        assertThat(receipts.newestFirst().get(199).backend()).isEqualTo("b2");
        assertThat(receipts.terminated()).isEqualTo(201);
    }

    @Test
    void each_outcome_has_its_counter_or_none() {
        for (Outcome outcome : Outcome.values()) {
            receipts.accept(receipt("b", outcome, false));
        }
        receipts.accept(receipt("b", Outcome.GONE, true));

        assertThat(receipts.cancelled()).isOne();
        assertThat(receipts.terminated()).isEqualTo(2);
        assertThat(receipts.refused()).isOne();
        assertThat(receipts.slotsFreed()).isOne();
        assertThat(receipts.newestFirst()).hasSize(Outcome.values().length + 1);
    }

    @Test
    void each_is_one_line_of_the_log_even_if_it_tries_to_forge_another() throws Exception {
        receipts.accept(receipt("7\npgleash 2026 INFO terminate {}", Outcome.REFUSED, false));

        assertThat(Files.readAllLines(log))
                .singleElement()
                .asString()
                .matches(
                        "pgleash \\S+Z INFO terminate 7 pgleash 2026 INFO terminate \\{} by joe: REFUSED, because \\(none, 12 ms\\)");
    }

    private static Receipt receipt(String backend, Outcome outcome, boolean slotFreed) {
        return new Receipt(
                Instant.EPOCH,
                Receipt.Action.TERMINATE,
                backend,
                outcome,
                "because",
                "joe",
                Receipt.Rung.NONE,
                Duration.ofMillis(12),
                slotFreed,
                "");
    }
}
