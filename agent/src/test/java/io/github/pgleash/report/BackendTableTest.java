// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.act.Backends;
import io.github.pgleash.judge.Finding;
import io.github.pgleash.judge.Verdict;
import io.github.pgleash.observe.StatementText;
import io.github.pgleash.track.TrackedConnection;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BackendTableTest {
    private final BackendTable table = new BackendTable(new Rows(StatementText.MASKED));
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
    void the_worst_come_first_and_equals_in_their_order() throws Exception {
        List<Finding> findings = List.of(
                Findings.unknown(backends.open(1, Backends.TAG)),
                Findings.in("idle", backends.open(2, Backends.TAG)),
                Findings.in("active", backends.open(3, Backends.TAG)),
                Findings.in("idle in transaction", backends.open(4, Backends.TAG)),
                Findings.stuck(backends.open(5, Backends.TAG)),
                Findings.in("idle in transaction (aborted)", backends.open(6, Backends.TAG)),
                Findings.in(null, backends.open(7, Backends.TAG)));

        assertThat(table.lines(findings))
                .extracting(line -> line.split("  \\|  ", -1)[1])
                .extracting(id -> id.substring(0, id.indexOf('@')))
                .containsExactly("5", "4", "6", "3", "2", "7", "1");
    }

    @Test
    void a_line_tells_who_it_is_what_it_does_and_what_is_wrong() throws Exception {
        TrackedConnection connection = backends.open(7, Backends.TAG);
        connection.bind(17);

        assertThat(table.lines(List.of(Findings.stuck(connection))))
                .containsExactly("STUCK, idle in transaction for 2 min  |  7@" + backends.address()
                        + "#17  |  has been idle in transaction for 2 min  |  joe/shop  |  " + Backends.TAG
                        + "  |  update t set a = ? where id = ?");
    }

    @Test
    void an_idle_backends_last_statement_is_of_no_interest() throws Exception {
        assertThat(table.lines(List.of(Findings.in("idle", backends.open(7, Backends.TAG)))))
                .containsExactly("idle for 2 min  |  7@" + backends.address() + "  |  joe/shop  |  " + Backends.TAG);
    }

    @Test
    void where_the_server_did_not_answer_the_line_says_so() throws Exception {
        assertThat(table.lines(List.of(Findings.unknown(backends.open(7, null)))))
                .containsExactly("not seen on the server yet  |  7@" + backends.address()
                        + "  |  joe/shop  |  server's side not known");
    }

    @Test
    void a_backend_is_one_line_whatever_the_names_are() throws Exception {
        TrackedConnection connection = backends.open(7, Backends.TAG);
        Finding hostile = new Finding(
                connection,
                null,
                null,
                Findings.row("active", connection, "a\nb", "c\r\nd", "e\u2028f", "g\n--h\ni"),
                Verdict.HEALTHY);

        assertThat(table.lines(List.of(hostile))).singleElement().asString().doesNotContain("\n", "\r", "\u2028");
    }

    @Test
    void no_backends_are_no_lines() {
        assertThat(table.lines(List.of())).isEmpty();
    }
}
