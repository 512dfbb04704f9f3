package dev.holdfast.supervise;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What a server tells of itself: lines of {@code NAME=value}; unknown names are passed over.
 *
 * @param fields the values by name
 * @see <a href="https://man7.org/linux/man-pages/man3/sd_notify.3.html">sd_notify(3)</a>
 */
public record Notification(Map<String, String> fields) {
    private static final int LONGEST_NUMBER = 18;

    static Notification parse(String text) {
        Map<String, String> fields = new HashMap<>();
        for (String line : text.split("\n")) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                fields.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        return new Notification(fields);
    }

    boolean says(String assignment) {
        int equals = assignment.indexOf('=');
        return assignment.substring(equals + 1).equals(fields.get(assignment.substring(0, equals)));
    }

    /** A number that is not negative; empty when it is not there, or is none. */
    OptionalLong number(String name) {
        String value = fields.getOrDefault(name, "");
        boolean isNumber = !value.isEmpty() && value.length() <= LONGEST_NUMBER;
        for (int i = 0; i < value.length(); i++) {
            isNumber &= value.charAt(i) >= '0' && value.charAt(i) <= '9';
        }
        return isNumber ? OptionalLong.of(Long.parseLong(value)) : OptionalLong.empty();
    }

    /** A time span in microseconds, as nanoseconds; at most 366 days. */
    OptionalLong nanos(String name) {
        OptionalLong micros = number(name);
        return micros.isPresent() ? OptionalLong.of(Math.min(micros.getAsLong(), LONGEST_MICROS) * 1000) : micros;
    }

    private static final long LONGEST_MICROS = 366L * 24 * 3600 * 1_000_000;
}
