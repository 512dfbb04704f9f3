package dev.holdfast.commands.serve;

import dev.holdfast.command.Environment;
import dev.holdfast.config.OutputOptions;
import dev.holdfast.output.OutputLogs;
import dev.holdfast.output.OutputReader;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.text.Printable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The last lines that a server in the background has printed, where {@code holdfast logs} looks for them. */
final class InstanceLog {
    private static final int LINES = 20;
    private static final int MOST_BYTES = 64 << 10;
    private static final int LONGEST_LINE = 400;

    private final String folder = OutputOptions.folder(
                    Environment.ofThisProcess(), Self.workingDirectory(), Self.effectiveUser())
            .orElse("");

    /** Empty when the user has no home. */
    String path(String name) {
        return folder.isEmpty() ? "" : OutputLogs.path(folder, name);
    }

    /** None when there is no log. */
    List<String> lastLines(String name) {
        List<String> lines = new ArrayList<>();
        if (folder.isEmpty()) {
            return lines;
        }
        try (OutputReader reader = new OutputReader(path(name))) {
            reader.skipToLast(LINES);
            StringBuilder text = new StringBuilder();
            for (byte[] next = reader.read(); next.length > 0 && text.length() < MOST_BYTES; next = reader.read()) {
                text.append(new String(next, StandardCharsets.UTF_8));
            }
            for (String line : text.toString().stripTrailing().split("\n", -1)) {
                String shown = Printable.line(line.stripTrailing());
                lines.add(shown.length() <= LONGEST_LINE ? shown : shown.substring(0, LONGEST_LINE) + "...");
            }
        } catch (PosixException e) {
            return List.of();
        }
        List<String> last = lines.subList(Math.max(0, lines.size() - LINES), lines.size());
        return last.size() == 1 && last.get(0).isEmpty() ? List.of() : List.copyOf(last);
    }
}
