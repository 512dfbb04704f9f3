package dev.holdfast.cli;

import dev.holdfast.console.Console;
import dev.holdfast.output.OutputReader;
import dev.holdfast.text.Timestamps;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** One log on its way to standard output: as it is, or line by line with what stands before each. */
final class PrintedLog {
    /** A longer line is printed in pieces. */
    private static final int LONGEST_LINE = 65_536;

    private final String name;
    private final OutputReader reader;
    private final String prefix;
    private final boolean hasTimes;
    /** What has come of a line that has not ended. */
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    private long lineTime;
    private boolean isInLongLine;

    PrintedLog(String name, String path, String prefix, boolean hasTimes) {
        this.name = name;
        this.reader = new OutputReader(path);
        this.prefix = prefix;
        this.hasTimes = hasTimes;
    }

    String name() {
        return name;
    }

    boolean isThere() {
        return reader.isThere();
    }

    /** Begins later: with the last lines, and with what came since a time, in milliseconds since 1970. */
    void skip(long lines, long since) {
        if (lines != Long.MAX_VALUE) {
            reader.skipToLast(lines);
        }
        if (since > 0) {
            reader.skipTo(since);
        }
    }

    /** Prints what comes next, a piece; whether there was anything. */
    boolean printNext() {
        byte[] bytes = reader.read();
        if (reader.hasMissed()) {
            Console.complain("output of \"" + name
                    + "\" was rotated away before it was read; keep more of it by --output-size or --output-keep");
        }
        if (prefix.isEmpty() && !hasTimes) {
            System.out.write(bytes, 0, bytes.length);
        } else {
            printLines(bytes);
        }
        return bytes.length > 0;
    }

    private void printLines(byte[] bytes) {
        int from = 0;
        for (int at = 0; at < bytes.length; at++) {
            if (line.size() == 0 && at == from && hasTimes) {
                lineTime = reader.time(at);
            }
            boolean isEnd = bytes[at] == '\n';
            if (isEnd || line.size() + at - from >= LONGEST_LINE) {
                line.write(bytes, from, at + 1 - from);
                printLine();
                isInLongLine = !isEnd;
                from = at + 1;
            }
        }
        line.write(bytes, from, bytes.length - from);
    }

    private void printLine() {
        if (!isInLongLine) {
            String before = prefix + (hasTimes ? Timestamps.log(lineTime).replace(' ', 'T') + "Z " : "");
            byte[] begin = before.getBytes(StandardCharsets.UTF_8);
            System.out.write(begin, 0, begin.length);
        }
        byte[] text = line.toByteArray();
        System.out.write(text, 0, text.length);
        line.reset();
    }

    /** Prints a last line that has not ended. */
    void end() {
        if (line.size() > 0) {
            printLine();
            System.out.write('\n');
        }
        reader.close();
    }
}
