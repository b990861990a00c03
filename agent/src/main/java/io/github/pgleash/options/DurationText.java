// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.options;

import java.time.Duration;

/**
 * Durations as a user writes them, in options and in rules: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 1h}, and
 * {@code 0} for off. Used in premain, so without regular expressions.
 */
public final class DurationText {
    private static final Duration LONGEST = Duration.ofDays(365);

    private DurationText() {}

    /** @throws IllegalArgumentException when it is not one, or is longer than a year; with the remedy */
    public static Duration parse(String text) {
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        if (digits == 0 || digits > 15) {
            throw wrong();
        }
        try {
            Duration duration = of(
                    Long.parseLong(text.substring(0, digits)),
                    text.substring(digits).strip());
            if (duration.compareTo(LONGEST) > 0) {
                throw wrong();
            }
            return duration;
        } catch (ArithmeticException tooLong) {
            throw wrong();
        }
    }

    private static Duration of(long number, String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> throw wrong();
        };
    }

    private static IllegalArgumentException wrong() {
        return new IllegalArgumentException("write a duration, for instance 500ms, 30s, 5m or 1h");
    }
}
