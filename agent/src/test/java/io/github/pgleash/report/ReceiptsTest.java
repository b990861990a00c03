// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.pgleash.act.Outcome;
import io.github.pgleash.act.Receipt;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReceiptsTest {
    @TempDir
    private Path folder;

    private Path log;
    private Path file;
    private Receipts receipts;

    @BeforeEach
    void start() {
        log = folder.resolve("log.txt");
        file = folder.resolve("receipts.jsonl");
        receipts = new Receipts(new Notifications(), new ReceiptLines(file, LineLogger.to(log)), LineLogger.to(log));
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
    void each_is_notified_also_what_was_refused_or_a_dry_run() {
        ReceivedNotifications client = new ReceivedNotifications();
        Receipts notifying =
                new Receipts(client.notifications, new ReceiptLines(file, LineLogger.to(log)), LineLogger.to(log));
        for (Outcome outcome : Outcome.values()) {
            notifying.accept(receipt("b", outcome, false));
        }

        assertThat(client.received)
                .extracting(told ->
                        told.getType() + " " + ReceivedNotifications.data(told).get("outcome"))
                .containsExactly(
                        "pgleash.acted GONE",
                        "pgleash.acted CANCELLED",
                        "pgleash.acted ALREADY_GONE",
                        "pgleash.acted STILL_THERE",
                        "pgleash.refused REFUSED",
                        "pgleash.refused DENIED",
                        "pgleash.acted FAILED",
                        "pgleash.acted DRY_RUN");
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

    @Test
    void each_is_one_line_of_json_with_the_fields_of_the_contract() throws Exception {
        for (Outcome outcome : Outcome.values()) {
            receipts.accept(receipt("7\n\"}", outcome, false));
        }
        receipts.atExit(receipt("8", Outcome.CANCELLED, false));

        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(Outcome.values().length + 1);
        List<String> fields = Arrays.stream(io.github.pgleash.jmx.Receipt.class.getRecordComponents())
                .map(RecordComponent::getName)
                .toList();
        for (String line : lines) {
            List<String> names = new ArrayList<>();
            JsonNode receipt = new ObjectMapper().readTree(line);
            receipt.fieldNames().forEachRemaining(names::add);
            assertThat(names).isEqualTo(fields);
            assertThat(receipt.get("by").textValue()).isEqualTo("joe");
            assertThat(receipt.get("elapsedMillis").longValue()).isEqualTo(12);
            assertThat(receipt.get("time").textValue()).isEqualTo("1970-01-01T00:00:00Z");
        }
        assertThat(receipts.newestFirst()).as("none of the exit").hasSize(Outcome.values().length);
    }

    @Test
    void without_a_file_or_with_one_that_cannot_be_written_the_json_is_in_the_log() throws Exception {
        new Receipts(new Notifications(), new ReceiptLines(null, LineLogger.to(log)), LineLogger.to(log))
                .accept(receipt("1", Outcome.GONE, true));
        new Receipts(new Notifications(), new ReceiptLines(folder, LineLogger.to(log)), LineLogger.to(log))
                .accept(receipt("2", Outcome.GONE, true));

        List<String> lines = Files.readAllLines(log);
        assertThat(lines.get(1)).contains(" INFO receipt {");
        assertThat(lines.get(3)).contains(" WARN receipts file ");
        assertThat(new ObjectMapper()
                        .readTree(lines.get(1).replaceFirst("^[^{]*", ""))
                        .get("slotFreed")
                        .booleanValue())
                .isTrue();
        assertThat(new ObjectMapper()
                        .readTree(lines.get(3).replaceFirst("^[^{]*", ""))
                        .get("backend")
                        .textValue())
                .isEqualTo("2");
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
