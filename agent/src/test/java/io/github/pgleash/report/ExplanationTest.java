// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.act.Backends;
import io.github.pgleash.judge.Finding;
import io.github.pgleash.judge.Verdict;
import io.github.pgleash.observe.StatementText;
import io.github.pgleash.track.TrackedConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExplanationTest {
    private final Explanation explanation = new Explanation(new Rows(StatementText.MASKED));
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
    void it_is_a_fact_a_line_and_ends_with_what_can_be_done() throws Exception {
        TrackedConnection connection = backends.open(7, Backends.TAG);
        connection.bind(17);
        String id = "7@" + backends.address() + "#17";

        assertThat(explanation.of(Findings.stuck(connection)).lines())
                .startsWith("backend: " + id)
                .contains(
                        "verdict: stuck",
                        "how sure: certain",
                        "borrowed: by nobody",
                        "because it: has been idle in transaction for 2 min",
                        "state: idle in transaction for 2 min",
                        "transaction: open for 3 min",
                        "waits for: Client: ClientRead",
                        "statement: update t set a = ? where id = ?",
                        "statement age: 2 min 30 s",
                        "role: joe",
                        "database: shop",
                        "application_name: " + Backends.TAG)
                .endsWith("to end it: terminate, with the id in the first line");
    }

    @Test
    void what_is_not_known_is_left_out() throws Exception {
        TrackedConnection connection = backends.open(7, null);

        assertThat(explanation.of(Findings.unknown(connection)))
                .contains("notes: server's side not known")
                .doesNotContain("null", "state:", "statement", "waits for", "application_name");
        assertThat(explanation.of(new Finding(connection, null, null, Findings.hidden(connection), Verdict.HEALTHY)))
                .doesNotContain("null");
    }
}
