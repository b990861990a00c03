// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.report;

import io.github.pgleash.act.Receipt;
import io.github.pgleash.jmx.Backend;
import io.github.pgleash.judge.Finding;
import io.github.pgleash.judge.InstantText;
import io.github.pgleash.judge.Loan;
import io.github.pgleash.observe.ActivityRow;
import io.github.pgleash.observe.StatementText;
import io.github.pgleash.track.TrackedConnection;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** From our values to the contract's: findings to rows, receipts to receipts. */
public final class Rows {
    private static final int TEXT_LIMIT = 1_000;
    private static final int MOST_LINES = 12;

    private final StatementText statementText;

    public Rows(StatementText statementText) {
        this.statementText = statementText;
    }

    Backend backend(Finding finding) {
        TrackedConnection connection = finding.connection();
        ActivityRow row = finding.row();
        Loan loan = finding.loan();
        return new Backend(
                OneLine.of(connection.id(), TEXT_LIMIT),
                OneLine.of(connection.address().server(), TEXT_LIMIT),
                connection.pid(),
                row == null ? text(connection.address().role()) : text(row.usename()),
                row == null ? text(connection.address().database()) : text(row.datname()),
                row == null ? text(connection.tag()) : text(row.applicationName()),
                row == null ? null : text(row.clientAddr()),
                row == null ? null : text(row.state()),
                connection.isBound() ? time(fromMicros(connection.backendStart())) : null,
                row == null ? null : time(row.xactStart()),
                row == null ? null : time(row.stateChange()),
                row == null ? null : text(row.waitEventType()),
                row == null ? null : text(row.waitEvent()),
                row == null ? null : text(statementText.of(row.query())),
                row == null ? null : text(row.blockedBy()),
                loan == null ? null : text(loan.pool()),
                loan == null ? null : text(loan.owner()),
                loan == null ? null : text(loan.ownerState()),
                loan == null ? null : time(Instant.now().minus(loan.age()).truncatedTo(ChronoUnit.MILLIS)),
                loan == null ? null : text(loan.from()),
                name(finding.verdict().kind()),
                OneLine.of(finding.verdict().evidence(), TEXT_LIMIT),
                OneLine.of(notes(finding), TEXT_LIMIT));
    }

    private static String notes(Finding finding) {
        StringJoiner notes = new StringJoiner(", ");
        if (finding.tagLost()) {
            notes.add("tag lost");
        }
        if (finding.connection().adopted()) {
            notes.add("opened before pgleash was attached, untagged");
        }
        if (finding.loan() != null && finding.loan().exemption() != null) {
            notes.add(finding.loan().exemption());
        }
        if (finding.connection().isXa()) {
            notes.add("XA");
        }
        if (finding.row() == null) {
            boolean pooler = finding.connection().origin().isBehindPooler();
            notes.add(pooler ? "behind a pooler, so server's side not known" : "server's side not known");
        }
        if (finding.trouble() != null) {
            notes.add("the server cannot be asked: " + OneLine.of(finding.trouble()));
        }
        return notes.toString();
    }

    static io.github.pgleash.jmx.Receipt receipt(Receipt receipt) {
        return new io.github.pgleash.jmx.Receipt(
                InstantText.of(receipt.time()),
                name(receipt.action()),
                OneLine.of(receipt.backend()),
                receipt.outcome().name(),
                OneLine.of(receipt.reason()),
                OneLine.of(receipt.by(), TEXT_LIMIT),
                name(receipt.rung()),
                receipt.elapsed().toMillis(),
                receipt.slotFreed(),
                lines(receipt.evidence()));
    }

    /** One fact a line. */
    private static String lines(String facts) {
        return facts.lines()
                .limit(MOST_LINES)
                .map(line -> OneLine.of(line, TEXT_LIMIT))
                .collect(Collectors.joining("\n"));
    }

    static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static Instant fromMicros(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static @Nullable String time(@Nullable Instant instant) {
        return instant == null ? null : InstantText.of(instant);
    }

    private static @Nullable String text(@Nullable String text) {
        return text == null ? null : OneLine.of(text, TEXT_LIMIT);
    }
}
