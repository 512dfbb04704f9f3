package dev.holdfast.text;

import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * Times as text, in UTC. By hand, since {@code Instant.toString} loads the whole of java.time.format on the way to the
 * server's start.
 */
public final class Timestamps {
    private Timestamps() {}

    /**
     * ISO 8601 with milliseconds.
     *
     * @param epochMillis since 1970
     * @return such as {@code 2026-05-02T09:14:03.875Z}
     */
    public static String iso(long epochMillis) {
        StringBuilder text = seconds(epochMillis, 'T').append('.');
        long millis = Math.floorMod(epochMillis, 1000L);
        text.append(millis / 100).append(millis / 10 % 10).append(millis % 10);
        return text.append('Z').toString();
    }

    /**
     * As in a log line.
     *
     * @param epochMillis since 1970
     * @return such as {@code 2026-05-02 09:14:03}
     */
    public static String log(long epochMillis) {
        return seconds(epochMillis, ' ').toString();
    }

    private static StringBuilder seconds(long epochMillis, char separator) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(Math.floorDiv(epochMillis, 1000L), 0, ZoneOffset.UTC);
        StringBuilder text = new StringBuilder(24).append(time.getYear());
        two(text.append('-'), time.getMonthValue());
        two(text.append('-'), time.getDayOfMonth());
        two(text.append(separator), time.getHour());
        two(text.append(':'), time.getMinute());
        two(text.append(':'), time.getSecond());
        return text;
    }

    private static void two(StringBuilder text, int value) {
        text.append((char) ('0' + value / 10)).append((char) ('0' + value % 10));
    }
}
