// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.HostileText;
import io.github.pgleash.LineRules;
import io.github.pgleash.act.Backends;
import io.github.pgleash.act.Outcome;
import io.github.pgleash.act.Receipt;
import io.github.pgleash.jmx.Backend;
import io.github.pgleash.judge.Finding;
import io.github.pgleash.judge.Loan;
import io.github.pgleash.judge.Verdict;
import io.github.pgleash.observe.ActivityRow;
import io.github.pgleash.observe.StatementText;
import io.github.pgleash.track.TrackedConnection;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.management.Notification;
import javax.management.openmbean.CompositeData;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever roles, databases, pools, threads, statements and servers are called: nothing throws, a line stays one line,
 * and no text is without bounds.
 */
class HostileWordsTest {
    private static final int FINDINGS = 20_000;
    private static final int RECEIPTS = 20_000;
    private static final int LINES = 50_000;
    private static final int LONGEST = 16_000;

    private final HostileText text = new HostileText();
    private Backends backends;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws Exception {
        backends = new Backends();
    }

    @AfterEach
    void stop() throws Exception {
        backends.close();
    }

    @Test
    void the_table_the_rows_and_the_explanation_of_hostile_findings_are_lines() throws Exception {
        TrackedConnection connection = backends.open(7, null);
        connection.bind(17);
        for (int i = 0; i < FINDINGS; i++) {
            Rows rows = new Rows(text.oneOf(StatementText.values()));
            Finding finding = finding(connection);
            BackendTable table = new BackendTable(rows);
            List<String> lines = table.lines(List.of(finding));
            assertThat(lines).hasSize(1);
            assertLine(lines.get(0));
            int facts = lines.get(0).split("  [|]  ", -1).length;
            List<String> block = table.text(List.of(finding)).lines().toList();
            block.forEach(this::assertLine);
            assertThat(block).as(text.seed()).hasSizeLessThanOrEqualTo(facts);
            new Explanation(rows).of(finding).lines().forEach(this::assertLine);
            assertThat(new Explanation(rows).of(finding).lines())
                    .allSatisfy(line -> assertThat(line).as(text.seed()).contains(": "));
            assertRecord(rows.backend(finding));
        }
        System.out.println(FINDINGS + " hostile findings, " + text.seed());
    }

    @Test
    void hostile_receipts_notifications_and_log_lines_are_lines() throws Exception {
        Path log = folder.resolve("log");
        Notifications notifications = new Notifications();
        List<Notification> sent = new ArrayList<>();
        notifications.broadcaster().addNotificationListener((told, handback) -> sent.add(told), null, null);
        Receipts receipts = new Receipts(notifications, LineLogger.to(log));
        for (int i = 0; i < RECEIPTS; i++) {
            Receipt receipt = new Receipt(
                    Instant.EPOCH,
                    Receipt.Action.TERMINATE,
                    text.next(),
                    text.oneOf(Outcome.values()),
                    text.next(),
                    text.next(),
                    Receipt.Rung.SQL,
                    Duration.ofMillis(i),
                    false,
                    text.next());
            receipts.accept(receipt);
            io.github.pgleash.jmx.Receipt shown = Rows.receipt(receipt);
            assertLine(shown.backend());
            assertLine(shown.reason());
            assertLine(shown.by());
            shown.evidence().lines().forEach(this::assertLine);
            assertThat(shown.evidence().length()).isLessThanOrEqualTo(LONGEST);
        }
        assertThat(sent).isNotEmpty().allSatisfy(told -> {
            assertLine(told.getMessage());
            assertThat(((CompositeData) told.getUserData()).values()).isNotEmpty();
        });
        assertThat(Files.readAllLines(log))
                .as("a line for people and one of JSON for each")
                .hasSize(2 * RECEIPTS)
                .allSatisfy(this::assertLine);
        System.out.println(RECEIPTS + " hostile receipts, " + text.seed());
    }

    @Test
    void any_text_is_made_one_line() {
        for (int i = 0; i < LINES; i++) {
            assertLine(OneLine.of(text.next()));
        }
        for (int i = 0; i < 10; i++) {
            assertLine(OneLine.of(text.megabyte()));
        }
        System.out.println(LINES + " hostile lines, " + text.seed());
    }

    private void assertRecord(Backend backend) throws ReflectiveOperationException {
        for (RecordComponent component : Backend.class.getRecordComponents()) {
            if (component.getAccessor().invoke(backend) instanceof String value) {
                assertLine(value);
            }
        }
    }

    private void assertLine(String line) {
        String trouble = LineRules.trouble(line, LONGEST);
        assertThat(trouble)
                .as(() -> text.seed() + ": " + line.substring(0, Math.min(200, line.length())))
                .isNull();
    }

    private Finding finding(TrackedConnection connection) {
        boolean known = text.random().nextInt(10) > 0;
        boolean borrowed = text.random().nextBoolean();
        return new Finding(connection, null, borrowed ? loan() : null, known ? row() : null, verdict());
    }

    private Verdict verdict() {
        Verdict.Kind kind = text.oneOf(Verdict.Kind.values());
        return kind == Verdict.Kind.HEALTHY
                ? Verdict.HEALTHY
                : new Verdict(kind, Verdict.Confidence.PROBABLE, "was borrowed by " + text.next());
    }

    private Loan loan() {
        return new Loan(
                1,
                text.next(),
                true,
                text.next(),
                Loan.Whereabouts.LEFT,
                text.next(),
                Duration.ofSeconds(1),
                orNull(),
                orNull());
    }

    private ActivityRow row() {
        return new ActivityRow(
                7,
                17,
                Duration.ofHours(1),
                orNull(),
                orNull(),
                orNull(),
                orNull(),
                text.oneOf("idle", "active", "idle in transaction", text.next()),
                Findings.BEGAN,
                null,
                Findings.BEGAN,
                Duration.ofMinutes(3),
                Duration.ofMinutes(2),
                Duration.ofSeconds(150),
                orNull(),
                orNull(),
                orNull(),
                orNull(),
                false);
    }

    private @Nullable String orNull() {
        return text.random().nextInt(8) == 0 ? null : text.next();
    }
}
