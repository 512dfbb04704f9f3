package dev.holdfast.text;

import java.util.OptionalLong;

/**
 * The start time in a record, ISO 8601 in UTC. Read by hand: {@code Instant.parse} loads the whole of java.time.format,
 * and on Java 25 {@code LocalDate} does, too, on the way to the start of a server that has waited for a killed one.
 */
public final class RecordTime {
    private static final String FORM = "0000-00-00T00:00:00";
    private static final int MOST_FRACTION_DIGITS = 9;
    /** From the first day of the year 0. */
    private static final int DAYS_UNTIL_1970 = 719_528;

    private static final int[] DAYS_BEFORE_MONTH = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};

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
        int month = number(text, 5, 7);
        int hour = number(text, 11, 13);
        int minute = number(text, 14, 16);
        int second = number(text, 17, 19);
        if (month < 1 || month > 12 || hour >= 24 || minute >= 60 || second >= 60) {
            return OptionalLong.empty();
        }
        long day = epochDay(number(text, 0, 4), month, number(text, 8, 10));
        return day < 0 ? OptionalLong.empty() : OptionalLong.of(((day * 24 + hour) * 60 + minute) * 60 + second);
    }

    /** Days since 1970; negative for what is before, and for the 30th of February. */
    private static long epochDay(int year, int month, int day) {
        boolean isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        int daysBefore = daysBefore(month, isLeap);
        if (day < 1 || day > daysBefore(month + 1, isLeap) - daysBefore) {
            return -1;
        }
        // The year 0 was a leap year: rounding up counts those before this one.
        int leapDays = (year + 3) / 4 - (year + 99) / 100 + (year + 399) / 400;
        return year * 365L + leapDays + daysBefore + day - 1 - DAYS_UNTIL_1970;
    }

    /** Days of the year before a month; before the 13th, all of them. */
    private static int daysBefore(int month, boolean isLeap) {
        return DAYS_BEFORE_MONTH[month - 1] + (isLeap && month > 2 ? 1 : 0);
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
