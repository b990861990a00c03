// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.act;

import io.github.pgleash.judge.Ages;
import io.github.pgleash.judge.Finding;
import io.github.pgleash.judge.InstantText;
import io.github.pgleash.judge.Loan;
import io.github.pgleash.observe.ActivityRow;
import java.util.StringJoiner;

/** What was known of a backend, one fact a line. Never statement text. */
final class Evidence {
    private Evidence() {}

    static String of(Finding finding) {
        StringJoiner lines = new StringJoiner("\n");
        if (!finding.verdict().evidence().isEmpty()) {
            lines.add(finding.verdict().evidence());
        }
        Loan loan = finding.loan();
        if (loan != null) {
            lines.add("borrowed " + Ages.text(loan.age()) + " ago from " + loan.pool() + " by " + loan.owner());
            lines.add("borrowed at " + (loan.from() == null ? "a place that was not noted" : loan.from()));
            lines.add("its owner is " + loan.ownerState());
        }
        ActivityRow row = finding.row();
        if (row != null) {
            lines.add(row.state() + " for " + Ages.text(row.stateAge()));
            if (row.transactionAge() != null) {
                lines.add("in a transaction for " + Ages.text(row.transactionAge()));
            }
            if (row.blockedBy() != null) {
                lines.add("waiting for a lock of pid " + row.blockedBy());
            }
        }
        lines.add("opened " + InstantText.of(finding.connection().openedAt()));
        return lines.toString();
    }
}
