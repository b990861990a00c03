// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.sample;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** What the demo tells: numbered steps, what is seen in them, and what was checked. Any thread may tell. */
final class Story {
    private static final String INDENT = "   ";

    private final PrintStream out;
    private final List<String> failures = new ArrayList<>();
    private int steps;
    private String step = "the start";

    Story(PrintStream out) {
        this.out = out;
    }

    synchronized void begin(String sentence) {
        out.println(sentence);
        out.flush();
    }

    synchronized void step(String title) {
        step = ++steps + ". " + title;
        out.println();
        out.println(step);
        out.flush();
    }

    synchronized void tell(String text) {
        text.lines().forEach(line -> out.println(INDENT + line));
        out.flush();
    }

    /** A claim that the demo stands and falls with; told as {@code [ok]} or {@code [NOT SO]}. */
    synchronized void check(String claim, boolean holds) {
        tell((holds ? "[ok]     " : "[NOT SO] ") + claim);
        if (!holds) {
            failures.add(step + ": " + claim);
        }
    }

    /** The end of a demo that could not go on. */
    synchronized void failed(String reason) {
        check(reason, false);
    }

    /** Tells the end, and returns whether all of it was true. */
    synchronized boolean end() {
        out.println();
        if (failures.isEmpty()) {
            out.println("The demo is done: every claim above was checked, and is true.");
        } else {
            out.println("The demo failed:");
            failures.forEach(failure -> out.println(INDENT + failure));
        }
        out.flush();
        return failures.isEmpty();
    }
}
