package dev.holdfast.lock.file;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.OptionalLong;

/**
 * The start time in a record, ISO 8601 in UTC. Read by hand: {@code Instant.parse} loads the whole of java.time.format,
 * on the way to the start of a server that has waited for a killed one.
 */
public final class RecordTime {
    private static final String FORM = "0000-00-00T00:00:00";
    private static final int MOST_FRACTION_DIGITS = 9;

    private RecordTime() {}

    /**
     * Reads a time.
     *
     * @param text such as {@code 2026-05-02T09:14:03.875Z}
     * @return seconds since 1970, not negative; empty when it is no such time
     */
    public static OptionalLong epochSecond(String text) {
        if (!hasForm(text)) {
            return OptionalLong.empty();
        }
        try {
            long second = LocalDateTime.of(
                            number(text, 0, 4),
                            number(text, 5, 7),
                            number(text, 8, 10),
                            number(text, 11, 13),
                            number(text, 14, 16),
                            number(text, 17, 19))
                    .toEpochSecond(ZoneOffset.UTC);
            return second < 0 ? OptionalLong.empty() : OptionalLong.of(second);
        } catch (DateTimeException e) {
            return OptionalLong.empty(); // the 30th of February
        }
    }

    private static boolean hasForm(String text) {
        int last = text.length() - 1;
        if (last < FORM.length() || last > FORM.length() + 1 + MOST_FRACTION_DIGITS || text.charAt(last) != 'Z') {
            return false;
        }
        for (int i = 0; i < FORM.length(); i++) {
            boolean digit = FORM.charAt(i) == '0';
            if (digit ? !isDigit(text.charAt(i)) : text.charAt(i) != FORM.charAt(i)) {
                return false;
            }
        }
        return last == FORM.length() || isFraction(text, FORM.length(), last);
    }

    private static boolean isFraction(String text, int from, int to) {
        boolean valid = text.charAt(from) == '.' && to > from + 1;
        for (int i = from + 1; i < to; i++) {
            valid &= isDigit(text.charAt(i));
        }
        return valid;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static int number(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }
}
