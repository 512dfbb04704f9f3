package dev.holdfast.commands.help;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/**
 * How the help is made to fit. From 62 columns on picocli lays it out, with the meanings beside the options. Below that
 * nothing is left for a second column, and picocli refuses: it lays out lines of any length, which are folded here, with
 * each meaning below its option.
 */
final class HelpWidth {
    /** The least that two columns need, and a synopsis that picocli does not fold. */
    private static final int NARROWEST_LAYOUT = 62;
    /** Below it, words are cut more often than not; a terminal so narrow says nothing true of itself. */
    private static final int NARROWEST = 20;
    /** Longer than any text. */
    private static final int ONE_LINE = 4000;

    private static final String INDENT = "    ";

    private final int columns;

    /** For a terminal. */
    HelpWidth(int columns) {
        this.columns = Math.max(NARROWEST, columns);
    }

    /** What picocli is to fill. */
    int ofLayout() {
        return isFolded() ? ONE_LINE : columns;
    }

    /** Without colours where lines are folded: their signs have no width. */
    CommandLine.Help.Ansi ansi() {
        return isFolded() ? CommandLine.Help.Ansi.OFF : CommandLine.Help.Ansi.AUTO;
    }

    private boolean isFolded() {
        return columns < NARROWEST_LAYOUT;
    }

    /** What takes the help, for a stream of this process. */
    Writer over(PrintStream stream) {
        Writer direct = new OutputStreamWriter(stream, StandardCharsets.UTF_8);
        return isFolded() ? new FoldedWriter(direct, this) : direct;
    }

    /**
     * Folds one line.
     *
     * @param line without its end
     * @return the lines that it becomes, each ended
     */
    String fold(String line) {
        String text = line.strip();
        // Two blanks and more stand between two columns, or before what has its first column in the line above.
        String[] parts = text.split(" {2,}", 2);
        String indent = line.startsWith(" ".repeat(INDENT.length() * 2)) ? INDENT : line.startsWith("  ") ? "  " : "";
        StringBuilder folded = new StringBuilder();
        // "-n, --name" is laid out with as many blanks before "--name" where there is no short one.
        append(folded, text.startsWith("-") ? "  " : indent, parts[0]);
        if (parts.length > 1) {
            append(folded, INDENT, parts[1].replaceAll(" {2,}", " "));
        }
        return folded.toString();
    }

    /** One word after the other; those are cut that are longer than a line. */
    private void append(StringBuilder folded, String indent, String text) {
        StringBuilder line = new StringBuilder(indent);
        for (String word : text.split(" ", -1)) {
            String rest = word;
            boolean isFirst = line.length() == indent.length();
            if (!isFirst && line.length() + 1 + rest.length() > columns) {
                folded.append(line).append('\n');
                line = new StringBuilder(indent);
                isFirst = true;
            }
            line.append(isFirst ? "" : " ");
            while (line.length() + rest.length() > columns) {
                int fits = columns - line.length();
                folded.append(line).append(rest, 0, fits).append('\n');
                line = new StringBuilder(indent);
                rest = rest.substring(fits);
            }
            line.append(rest);
        }
        folded.append(line.toString().stripTrailing()).append('\n');
    }
}
