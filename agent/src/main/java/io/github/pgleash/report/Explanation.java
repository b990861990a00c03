// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.report;

import io.github.pgleash.jmx.Backend;
import io.github.pgleash.judge.Ages;
import io.github.pgleash.judge.Finding;
import io.github.pgleash.judge.Loan;
import io.github.pgleash.observe.ActivityRow;
import io.github.pgleash.track.Borrow;
import io.github.pgleash.track.Frames;
import org.jspecify.annotations.Nullable;

/** Everything known of one backend, as text: a fact a line. */
final class Explanation {
    private final Rows rows;

    Explanation(Rows rows) {
        this.rows = rows;
    }

    String of(Finding finding) {
        Backend backend = rows.backend(finding);
        ActivityRow row = finding.row();
        Loan loan = finding.loan();
        Facts facts = new Facts();
        facts.add("backend", backend.id());
        facts.add("verdict", backend.verdict());
        facts.add(
                "how sure",
                backend.evidence().isEmpty()
                        ? null
                        : Rows.name(finding.verdict().confidence()));
        facts.add("because it", backend.evidence());
        facts.add("pool", backend.pool());
        facts.add("owner", backend.owner());
        facts.add("owner is", backend.ownerState());
        facts.add("borrowed", loan == null ? "by nobody" : Ages.text(loan.age()) + " ago");
        facts.add("borrowed at", backend.borrowedFrom());
        facts.add(
                "state", row == null || row.state() == null ? null : row.state() + " for " + Ages.text(row.stateAge()));
        facts.add(
                "transaction",
                row == null
                        ? unseen(finding)
                        : row.transactionAge() == null ? "none open" : "open for " + Ages.text(row.transactionAge()));
        facts.add("waits for", row == null ? null : waits(row));
        facts.add("blocked by", row == null || row.blockedBy() == null ? null : "pid " + row.blockedBy());
        facts.add("statement", backend.query());
        facts.add("statement age", row == null || row.queryAge() == null ? null : Ages.text(row.queryAge()));
        facts.add("role", backend.usename());
        facts.add("database", backend.datname());
        facts.add("application_name", backend.application_name());
        facts.add("client address", backend.client_addr());
        facts.add("backend_start", backend.backend_start());
        facts.add("opened here", finding.connection().openedAt().toString());
        facts.add("notes", backend.notes());
        Borrow borrow = finding.borrow();
        if (borrow != null) {
            borrow.stack().forEach(frame -> facts.add("   borrowed by", Frames.text(frame)));
        }
        facts.add("to end it", "terminate, with the id in the first line");
        return facts.toString();
    }

    private static String unseen(Finding finding) {
        return finding.connection().isInTransaction() ? "open, says its driver" : "none open, says its driver";
    }

    private static @Nullable String waits(ActivityRow row) {
        return row.waitEvent() == null ? null : row.waitEventType() + ": " + row.waitEvent();
    }

    private static final class Facts {
        private final StringBuilder text = new StringBuilder();

        void add(String name, @Nullable String fact) {
            if (fact != null && !fact.isEmpty()) {
                text.append(name).append(": ").append(OneLine.of(fact)).append('\n');
            }
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
