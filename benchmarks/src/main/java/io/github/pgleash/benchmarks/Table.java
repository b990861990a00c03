// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.benchmarks;

import java.util.ArrayList;
import java.util.List;

/** A table as Markdown, aligned so that it can be read as it is. */
final class Table {
    private final String title;
    private final List<List<String>> rows = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    Table(String title, String... columns) {
        this.title = title;
        rows.add(List.of(columns));
    }

    void row(String... cells) {
        if (cells.length != rows.get(0).size()) {
            throw new IllegalArgumentException(cells.length + " cells in a table of " + rows.get(0));
        }
        rows.add(List.of(cells));
    }

    /** A sentence below the table. */
    void note(String sentence) {
        notes.add(sentence);
    }

    String markdown() {
        StringBuilder text = new StringBuilder("### ").append(title).append("\n\n");
        for (int i = 0; i < rows.size(); i++) {
            append(text, rows.get(i), " ");
            if (i == 0) {
                append(text, rows.get(0).stream().map(cell -> "").toList(), "-");
            }
        }
        notes.forEach(note -> text.append('\n').append(note).append('\n'));
        return text.toString();
    }

    private void append(StringBuilder text, List<String> cells, String filler) {
        for (int column = 0; column < cells.size(); column++) {
            int at = column;
            int width =
                    rows.stream().mapToInt(row -> row.get(at).length()).max().orElse(0);
            String padding = filler.repeat(width - cells.get(column).length());
            boolean number = column > 0;
            text.append(column == 0 ? "| " : " | ").append(number ? padding : cells.get(column));
            text.append(number ? cells.get(column) : padding);
        }
        text.append(" |\n");
    }
}
