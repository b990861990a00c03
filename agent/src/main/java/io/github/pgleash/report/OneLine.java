// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.report;

import io.github.pgleash.track.Legible;

/** Text of others, made fit for one line of ours: legible, and nothing that Swing would take for HTML. */
final class OneLine {
    private static final int LONGEST = 4_000;

    private OneLine() {}

    static String of(String text) {
        return of(text, LONGEST);
    }

    static String of(String text, int longest) {
        String line = Legible.of(text, longest);
        return line.startsWith("<") ? " " + line : line;
    }
}
