package dev.holdfast.commands.instances;

import dev.holdfast.console.TextTable;
import dev.holdfast.registry.DataDirectory;
import dev.holdfast.text.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** The list for people: as wide as the terminal, and 80 columns without one. */
final class PsTable {
    private static final List<String> HEADS =
            List.of("NAME", "STATE", "PID", "USER", "AGE", "RESTARTS", "MEMORY", "PORT", "DIRECTORIES");
    /** The longest that each column becomes, but for the last one. */
    private static final int[] MOST = {18, 10, 7, 8, 4, 8, 6, 5};
    /** Only where a server is shared, after the memory. */
    private static final String CLIENTS = "CLIENTS";

    private static final int CLIENTS_AT = 7;

    private static final long KILO = 1024;

    private final List<List<String>> lines = new ArrayList<>();
    private final List<Integer> most = new ArrayList<>();
    private final int width;

    PsTable(List<PsRow> rows, int width) {
        this.width = width;
        lines.add(new ArrayList<>(HEADS));
        for (PsRow row : rows) {
            lines.add(new ArrayList<>(cells(row)));
        }
        for (int each : MOST) {
            most.add(each);
        }
        if (rows.stream().anyMatch(row -> row.clients().isPresent())) {
            most.add(CLIENTS_AT, CLIENTS.length());
            lines.get(0).add(CLIENTS_AT, CLIENTS);
            for (int i = 0; i < rows.size(); i++) {
                OptionalInt clients = rows.get(i).clients();
                lines.get(i + 1).add(CLIENTS_AT, clients.isPresent() ? Integer.toString(clients.getAsInt()) : "-");
            }
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
        int[] widths = new int[most.size()];
        for (List<String> line : lines) {
            for (int i = 0; i < most.size(); i++) {
                widths[i] =
                        Math.max(widths[i], Math.min(most.get(i), line.get(i).length()));
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            StringBuilder row = new StringBuilder();
            for (int i = 0; i < most.size(); i++) {
                String cell = cut(line.get(i), widths[i]);
                row.append(cell).append(" ".repeat(widths[i] - cell.length() + 1));
            }
            row.append(cut(line.get(most.size()), Math.max(1, width - row.length())));
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
