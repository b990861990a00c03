// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.sample;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The answer to {@code status}: what the service has done, and its connections as the pool counts them.
 *
 * @param orders orders taken since the start
 * @param connections open connections
 * @param borrowed of these, lent to the application
 * @param waiting threads that wait for a connection
 */
record PoolStatus(long orders, int connections, int borrowed, int waiting) {
    private static final Pattern LINE =
            Pattern.compile("status: (\\d+) orders; pool: (\\d+) connections, (\\d+) borrowed, (\\d+) waiting");

    /** Reads what {@link #toString()} wrote; empty when {@code line} is something else. */
    static Optional<PoolStatus> parse(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(new PoolStatus(
                Long.parseLong(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                Integer.parseInt(matcher.group(3)),
                Integer.parseInt(matcher.group(4))));
    }

    @Override
    public String toString() {
        return "status: " + orders + " orders; pool: " + connections + " connections, " + borrowed + " borrowed, "
                + waiting + " waiting";
    }
}
