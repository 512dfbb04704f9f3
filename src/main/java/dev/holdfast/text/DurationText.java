package dev.holdfast.text;

import java.time.Duration;
import java.util.Optional;

/** Durations as people type them: {@code 500ms}, {@code 5s}, {@code 1.5m}, {@code 1h}; a bare number is seconds. */
public final class DurationText {
    /** Longer than any sensible grace, shorter than any arithmetic overflow. */
    private static final long MOST_SECONDS = 366L * 24 * 3600;

    private DurationText() {}

    /**
     * Reads a duration.
     *
     * @param text what was typed
     * @return the duration, at most 366 days; empty when it is none
     */
    public static Optional<Duration> parse(String text) {
        int digits = 0;
        while (digits < text.length() && (isDigit(text.charAt(digits)) || text.charAt(digits) == '.')) {
            digits++;
        }
        double unit = unit(text.substring(digits));
        if (unit < 0) {
            return Optional.empty(); // asked for itself: 0 times -1 is not below 0
        }
        double number;
        try {
            number = Double.parseDouble(text.substring(0, digits));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
        double seconds = number * unit;
        if (seconds > MOST_SECONDS) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofMillis(Math.round(seconds * 1000)));
    }

    /** In seconds; -1 for an unknown unit. */
    private static double unit(String text) {
        return switch (text) {
            case "ms" -> 0.001;
            case "", "s" -> 1;
            case "m", "min" -> 60;
            case "h" -> 3600;
            case "d" -> 24 * 3600;
            default -> -1;
        };
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
