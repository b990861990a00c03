// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.report;

import io.github.pgleash.jmx.Backend;
import io.github.pgleash.judge.Ages;
import io.github.pgleash.judge.Finding;
import io.github.pgleash.judge.Loan;
import io.github.pgleash.judge.Verdict;
import io.github.pgleash.observe.ActivityRow;
import io.github.pgleash.track.TrackedConnection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The list for people, worst first. Never in columns: JConsole shows the result of an operation in a small window with a
 * proportional font, where columns fall apart and long lines are cut; so there it is a block of short lines a backend.
 */
final class BackendTable {
    private final Rows rows;

    BackendTable(Rows rows) {
        this.rows = rows;
    }

    /** One line for each backend. */
    List<String> lines(List<Finding> findings) {
        return worstFirst(findings)
                .map(finding -> String.join("  |  ", facts(finding)))
                .toList();
    }

    /** One text, a block of short lines for each backend. */
    String text(List<Finding> findings) {
        return worstFirst(findings)
                .map(finding -> String.join("\n    ", facts(finding)))
                .collect(Collectors.joining("\n"));
    }

    private static Stream<Finding> worstFirst(List<Finding> findings) {
        return findings.stream().sorted(Comparator.comparingInt(BackendTable::badness));
    }

    private static int badness(Finding finding) {
        if (finding.verdict().kind() != Verdict.Kind.HEALTHY) {
            return 0;
        }
        ActivityRow row = finding.row();
        return row == null ? 4 : row.isIdleInTransaction() ? 1 : row.isActive() ? 2 : 3;
    }

    private List<String> facts(Finding finding) {
        Backend backend = rows.backend(finding);
        ActivityRow row = finding.row();
        Loan loan = finding.loan();
        List<String> facts = new ArrayList<>();
        boolean healthy = finding.verdict().kind() == Verdict.Kind.HEALTHY;
        String state = row == null || row.state() == null
                ? unseen(finding.connection())
                : row.state() + " for " + Ages.text(row.stateAge())
                        + (finding.trouble() == null ? "" : " when last seen");
        add(facts, healthy ? state : backend.verdict().toUpperCase(Locale.ROOT) + ", " + state);
        facts.add(backend.id());
        add(facts, backend.evidence());
        add(facts, loan == null ? null : "borrowed " + Ages.text(loan.age()) + " ago by " + backend.owner());
        add(facts, loan == null || loan.from() == null ? null : "at " + backend.borrowedFrom());
        add(facts, backend.usename() + "/" + backend.datname());
        add(facts, backend.application_name());
        add(facts, backend.notes());
        add(facts, row == null || row.isIdle() ? null : backend.query());
        return facts;
    }

    private static String unseen(TrackedConnection connection) {
        if (!connection.origin().isBehindPooler()) {
            return "not seen on the server yet";
        }
        return connection.isInTransaction()
                ? "in a transaction, says its driver"
                : "not in a transaction, says its driver";
    }

    private static void add(List<String> facts, @Nullable String fact) {
        if (fact != null && !fact.isEmpty()) {
            facts.add(OneLine.of(fact));
        }
    }
}
