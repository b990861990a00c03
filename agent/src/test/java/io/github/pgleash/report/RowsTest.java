// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.act.Backends;
import io.github.pgleash.act.Outcome;
import io.github.pgleash.act.Receipt;
import io.github.pgleash.jmx.Backend;
import io.github.pgleash.judge.Finding;
import io.github.pgleash.judge.Verdict;
import io.github.pgleash.observe.StatementText;
import io.github.pgleash.track.TrackedConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RowsTest {
    private final Rows rows = new Rows(StatementText.MASKED);
    private Backends backends;

    @BeforeEach
    void start() throws Exception {
        backends = new Backends();
    }

    @AfterEach
    void stop() throws Exception {
        backends.close();
    }

    @Test
    void a_row_has_both_sides() throws Exception {
        TrackedConnection connection = backends.open(7, Backends.TAG);
        connection.bind(1_767_323_045_678_901L);

        Backend row = rows.backend(Findings.stuck(connection));

        assertThat(row.id()).isEqualTo("7@" + backends.address() + "#1767323045678901");
        assertThat(row.server()).isEqualTo(backends.address());
        assertThat(row.pid()).isEqualTo(7);
        assertThat(row.usename()).isEqualTo("joe");
        assertThat(row.datname()).isEqualTo("shop");
        assertThat(row.application_name()).isEqualTo(Backends.TAG);
        assertThat(row.client_addr()).isEqualTo("10.0.0.1");
        assertThat(row.state()).isEqualTo("idle in transaction");
        assertThat(row.backend_start()).isEqualTo("2026-01-02T03:04:05.678901Z");
        assertThat(row.xact_start()).isEqualTo("2026-01-02T03:04:05.678901Z");
        assertThat(row.state_change()).isEqualTo("2026-01-02T03:04:05.678901Z");
        assertThat(row.wait_event_type()).isEqualTo("Client");
        assertThat(row.wait_event()).isEqualTo("ClientRead");
        assertThat(row.query()).isEqualTo("update t set a = ? where id = ?");
        assertThat(row.blockedBy()).isNull();
        assertThat(row.verdict()).isEqualTo("stuck");
        assertThat(row.evidence()).isEqualTo("has been idle in transaction for 2 min");
        assertThat(row.notes()).isEmpty();
    }

    @Test
    void where_the_servers_side_is_not_known_our_own_knowledge_is_shown() throws Exception {
        TrackedConnection connection = backends.open(7, Backends.TAG);

        Backend row = rows.backend(Findings.unknown(connection));

        assertThat(row.id()).isEqualTo("7@" + backends.address());
        assertThat(row.usename()).isEqualTo("joe");
        assertThat(row.datname()).isEqualTo("shop");
        assertThat(row.application_name()).isEqualTo(Backends.TAG);
        assertThat(List.of("state", row.verdict(), row.notes()))
                .containsExactly("state", "healthy", "server's side not known");
        assertThat(row.state()).isNull();
        assertThat(row.backend_start()).isNull();
        assertThat(row.xact_start()).isNull();
        assertThat(row.query()).isNull();
    }

    @Test
    void what_the_server_hides_is_null() throws Exception {
        TrackedConnection connection = backends.open(7, Backends.TAG);

        Backend row = rows.backend(new Finding(connection, null, null, Findings.hidden(connection), Verdict.HEALTHY));

        assertThat(row.usename()).isNull();
        assertThat(row.datname()).isNull();
        assertThat(row.application_name()).isNull();
        assertThat(row.state()).isNull();
        assertThat(row.query()).isNull();
        assertThat(row.state_change()).isNull();
    }

    @Test
    void the_notes_tell_of_a_lost_tag_and_of_a_late_agent() throws Exception {
        TrackedConnection tagged = backends.open(7, Backends.TAG);
        TrackedConnection adopted = backends.adopt(8);

        assertThat(rows.backend(new Finding(tagged, null, null, Findings.row("idle", tagged, "psql"), Verdict.HEALTHY))
                        .notes())
                .isEqualTo("tag lost");
        assertThat(rows.backend(Findings.in("idle", adopted)).notes())
                .isEqualTo("opened before pgleash was attached, untagged");
    }

    @Test
    void names_that_others_choose_keep_to_their_line_and_are_no_html() throws Exception {
        TrackedConnection connection = backends.open(7, Backends.TAG);
        String hostile = "<html>\n\u001b[2J" + "x".repeat(5_000);

        Backend row = rows.backend(new Finding(
                connection,
                null,
                null,
                Findings.row("idle", connection, hostile, hostile, hostile, hostile),
                Verdict.HEALTHY));

        assertThat(List.of(
                        String.valueOf(row.usename()),
                        String.valueOf(row.datname()),
                        String.valueOf(row.application_name()),
                        String.valueOf(row.query())))
                .allSatisfy(text -> assertThat(text)
                        .hasSizeLessThanOrEqualTo(1_001)
                        .startsWith(" <html>")
                        .doesNotContain("\n", "\u001b"));
    }

    @Test
    void statement_text_is_shown_as_allowed() throws Exception {
        Finding finding = Findings.stuck(backends.open(7, Backends.TAG));

        assertThat(new Rows(StatementText.OFF).backend(finding).query()).isNull();
        assertThat(new Rows(StatementText.FULL).backend(finding).query()).contains("zecret");
    }

    @Test
    void a_receipt_is_shown_in_the_contracts_words() {
        Receipt receipt = new Receipt(
                Instant.parse("2026-01-02T03:04:05Z"),
                Receipt.Action.TERMINATE,
                "<html>\n7",
                Outcome.ALREADY_GONE,
                "because\nof this",
                "joe (RMI)",
                Receipt.Rung.SQL,
                Duration.ofMillis(12),
                true,
                "one fact\nanother");

        assertThat(Rows.receipt(receipt))
                .isEqualTo(new io.github.pgleash.jmx.Receipt(
                        "2026-01-02T03:04:05Z",
                        "terminate",
                        " <html> 7",
                        "ALREADY_GONE",
                        "because of this",
                        "joe (RMI)",
                        "sql",
                        12,
                        true,
                        "one fact\nanother"));
    }

    @Test
    void our_outcomes_are_those_of_the_contract() {
        assertThat(Outcome.values())
                .extracting(Enum::name)
                .containsExactly(java.util.Arrays.stream(io.github.pgleash.jmx.Outcome.values())
                        .map(Enum::name)
                        .toArray(String[]::new));
    }
}
