// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.judge;

import java.time.Instant;
import java.time.LocalDate;

/**
 * Instants as {@link Instant#toString} writes them. That method itself is a large one: a thousand receipts have the JVM
 * compile it, which takes a CPU longer than to write them. Any thread.
 */
public final class InstantText {
    private static final int SECONDS_A_DAY = 86_400;

    private static volatile Day lastDay = new Day(0);

    private InstantText() {}

    private record Day(long number, String text) {
        Day(long number) {
            this(number, LocalDate.ofEpochDay(number).toString());
        }
    }

    public static String of(Instant instant) {
        long day = Math.floorDiv(instant.getEpochSecond(), SECONDS_A_DAY);
        int second = Math.floorMod(instant.getEpochSecond(), SECONDS_A_DAY);
        StringBuilder text = new StringBuilder(30).append(date(day));
        digits(text.append('T'), second / 3600, 10);
        digits(text.append(':'), second / 60 % 60, 10);
        digits(text.append(':'), second % 60, 10);
        fraction(text, instant.getNano());
        return text.append('Z').toString();
    }

    private static String date(long number) {
        Day day = lastDay;
        if (day.number != number) {
            day = new Day(number);
            lastDay = day;
        }
        return day.text;
    }

    /** None, or in milli-, micro- or nanoseconds, whichever is enough. */
    private static void fraction(StringBuilder text, int nanos) {
        if (nanos == 0) {
            return;
        }
        text.append('.');
        if (nanos % 1_000_000 == 0) {
            digits(text, nanos / 1_000_000, 100);
        } else if (nanos % 1_000 == 0) {
            digits(text, nanos / 1_000, 100_000);
        } else {
            digits(text, nanos, 100_000_000);
        }
    }

    /** @param first what the first digit counts: 10 for two digits */
    private static void digits(StringBuilder text, int number, int first) {
        for (int place = first; place > 0; place /= 10) {
            text.append((char) ('0' + number / place % 10));
        }
    }
}
