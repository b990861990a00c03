// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.options;

import java.time.Duration;

/** Durations as a user writes them: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 1h}, and {@code 0} for off. */
final class DurationText {
    private static final long LONGEST_HOURS = 24 * 365;

    private DurationText() {}

    /** @throws IllegalArgumentException when it is not one, is negative, or is longer than a year */
    static Duration parse(String text) {
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        int digits = 0;
        while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
            digits++;
        }
        Duration duration = of(
                Long.parseLong(text.substring(0, digits)),
                text.substring(digits).trim());
        if (duration.toHours() > LONGEST_HOURS) {
            throw new IllegalArgumentException(text);
        }
        return duration;
    }

    private static Duration of(long number, String unit) {
        try {
            return switch (unit) {
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                case "h" -> Duration.ofHours(number);
                default -> throw new IllegalArgumentException(unit);
            };
        } catch (ArithmeticException tooLong) {
            throw new IllegalArgumentException(unit, tooLong);
        }
    }
}
