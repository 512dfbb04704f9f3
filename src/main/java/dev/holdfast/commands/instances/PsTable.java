package dev.holdfast.commands.instances;

import dev.holdfast.console.TextTable;
import dev.holdfast.registry.DataDirectory;
import dev.holdfast.text.Printable;
import java.util.ArrayList;
import java.util.List;

/** The list for people: as wide as the terminal, and 80 columns without one. */
final class PsTable {
    private static final List<String> HEADS =
            List.of("NAME", "STATE", "PID", "USER", "AGE", "RESTARTS", "MEMORY", "PORT", "DIRECTORIES");
    /** The longest that each column becomes, but for the last one. */
    private static final int[] MOST = {18, 10, 7, 8, 4, 8, 6, 5};

    private static final long KILO = 1024;

    private final List<List<String>> lines = new ArrayList<>();
    private final int width;

    PsTable(List<PsRow> rows, int width) {
        this.width = width;
        lines.add(HEADS);
        for (PsRow row : rows) {
            lines.add(cells(row));
        }
    }

    private static List<String> cells(PsRow row) {
        int port = row.instance().port();
        List<String> directories = new ArrayList<>();
        for (DataDirectory directory : row.instance().directories()) {
            directories.add(directory.path());
        }
        return List.of(
                row.instance().name(),
                row.state(),
                Integer.toString(row.pid()),
                row.user(),
                row.verdict().equals("stale")
                        ? "-"
                        : TextTable.age(row.instance().ageSeconds()),
                Long.toString(row.instance().counters().restarts()),
                row.kilobytes() == 0 ? "-" : memory(row.kilobytes()),
                port == 0 ? "-" : Integer.toString(port),
                directories.isEmpty() ? "-" : String.join(",", directories));
    }

    static String memory(long kilobytes) {
        if (kilobytes < KILO) {
            return kilobytes + "K";
        }
        return kilobytes < 10 * KILO * KILO ? kilobytes / KILO + "M" : kilobytes / KILO / KILO + "G";
    }

    @Override
    public String toString() {
        int[] widths = new int[MOST.length];
        for (List<String> line : lines) {
            for (int i = 0; i < MOST.length; i++) {
                widths[i] = Math.max(widths[i], Math.min(MOST[i], line.get(i).length()));
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            StringBuilder row = new StringBuilder();
            for (int i = 0; i < MOST.length; i++) {
                String cell = cut(line.get(i), widths[i]);
                row.append(cell).append(" ".repeat(widths[i] - cell.length() + 1));
            }
            row.append(cut(line.get(MOST.length), Math.max(1, width - row.length())));
            text.append(text.isEmpty() ? "" : "\n").append(row.toString().stripTrailing());
        }
        return text.toString();
    }

    /** A plus at the end says that there is more. */
    private static String cut(String text, int most) {
        String shown = Printable.line(text);
        return shown.length() <= most ? shown : shown.substring(0, most - 1) + "+";
    }
}
