// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.judge;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Ages as people read them: two units at most. */
public final class Ages {
    private Ages() {}

    /** {@code 85 ms}, {@code 12 s}, {@code 4 min 10 s}, {@code 3 h 5 min}, {@code 2 d 1 h}; {@code ?} for null. */
    public static String text(@Nullable Duration age) {
        if (age == null) {
            return "?";
        }
        if (age.toSeconds() < 1) {
            return age.toMillis() + " ms";
        }
        if (age.toMinutes() < 1) {
            return age.toSeconds() + " s";
        }
        if (age.toHours() < 1) {
            return two(age.toMinutes(), "min", age.toSecondsPart(), "s");
        }
        if (age.toDays() < 1) {
            return two(age.toHours(), "h", age.toMinutesPart(), "min");
        }
        return two(age.toDays(), "d", age.toHoursPart(), "h");
    }

    private static String two(long large, String largeUnit, int small, String smallUnit) {
        return large + " " + largeUnit + (small == 0 ? "" : " " + small + " " + smallUnit);
    }
}
