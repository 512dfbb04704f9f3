package dev.holdfast.console;

import java.util.ArrayList;
import java.util.List;

/** Rows under heads, each column as wide as its widest cell. */
public final class TextTable {
    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    private final List<List<String>> lines = new ArrayList<>();

    /** One that has heads, and no rows yet. */
    public TextTable(String... heads) {
        lines.add(List.of(heads));
    }

    /** Adds a row, which has as many cells as there are heads. */
    public void add(String... cells) {
        lines.add(List.of(cells));
    }

    /** How long something has been, in one unit. */
    public static String age(long seconds) {
        if (seconds < MINUTE) {
            return seconds + "s";
        }
        if (seconds < HOUR) {
            return seconds / MINUTE + "m";
        }
        return seconds < 2 * DAY ? seconds / HOUR + "h" : seconds / DAY + "d";
    }

    @Override
    public String toString() {
        List<String> rows = new ArrayList<>();
        for (List<String> line : lines) {
            StringBuilder row = new StringBuilder();
            for (int i = 0; i < line.size(); i++) {
                int column = i;
                int width = lines.stream()
                        .mapToInt(each -> each.get(column).length())
                        .max()
                        .orElse(0);
                row.append(line.get(i)).append(" ".repeat(width - line.get(i).length() + 2));
            }
            rows.add(row.toString().stripTrailing());
        }
        return String.join("\n", rows);
    }
}
