// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.report;

import io.github.pgleash.judge.Ages;
import io.github.pgleash.judge.Finding;
import io.github.pgleash.judge.Verdict;
import io.github.pgleash.observe.ActivityRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The list for people: a sentence a backend, worst first. Not columns: JConsole shows the result of an operation in a
 * proportional font, where columns fall apart.
 */
final class BackendTable {
    private final Rows rows;

    BackendTable(Rows rows) {
        this.rows = rows;
    }

    List<String> lines(List<Finding> findings) {
        List<Finding> worstFirst = new ArrayList<>(findings);
        worstFirst.sort((a, b) -> Integer.compare(badness(a), badness(b)));
        return worstFirst.stream().map(this::line).toList();
    }

    private static int badness(Finding finding) {
        if (finding.verdict().kind() != Verdict.Kind.HEALTHY) {
            return 0;
        }
        ActivityRow row = finding.row();
        return row == null ? 4 : row.isIdleInTransaction() ? 1 : row.isActive() ? 2 : 3;
    }

    private String line(Finding finding) {
        var backend = rows.backend(finding);
        ActivityRow row = finding.row();
        StringJoiner line = new StringJoiner("  |  ");
        line.add(backend.id());
        line.add(
                row == null || row.state() == null
                        ? "server's side not known"
                        : row.state() + " " + Ages.text(row.stateAge()));
        if (finding.verdict().kind() != Verdict.Kind.HEALTHY) {
            line.add(backend.verdict().toUpperCase(Locale.ROOT) + ": " + backend.evidence());
        }
        add(line, backend.usename() + "/" + backend.datname());
        add(line, backend.application_name());
        add(line, backend.notes());
        if (row != null && !row.isIdle()) {
            add(line, backend.query());
        }
        return line.toString();
    }

    private static void add(StringJoiner line, @Nullable String part) {
        if (part != null && !part.isEmpty()) {
            line.add(part);
        }
    }
}
