package dev.holdfast.share.host;

import dev.holdfast.json.FlatObjectWriter;
import java.nio.charset.StandardCharsets;

/** A piece of what a server writes to stderr, as one line to its clients' starts. One for all of them. Immutable. */
final class StderrWord {
    private final byte[] line;
    private final int lines;
    private final boolean endsLine;

    /**
     * Makes it.
     *
     * @param bytes whole lines with their ends, or a part of a longer one: whatever it is, byte for byte
     */
    StderrWord(byte[] bytes) {
        int ends = 0;
        for (byte each : bytes) {
            ends += each == '\n' ? 1 : 0;
        }
        lines = ends;
        endsLine = bytes.length > 0 && bytes[bytes.length - 1] == '\n';
        line = line(new FlatObjectWriter().text("stderr", new String(bytes, StandardCharsets.ISO_8859_1)));
    }

    /** A host's own line, as it is sent. */
    static byte[] line(FlatObjectWriter word) {
        return (Link.HOSTS_WORD + word.end() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    byte[] line() {
        return line;
    }

    /** How many lines end in it. */
    int lines() {
        return lines;
    }

    /** Whether what follows begins a line. */
    boolean endsLine() {
        return endsLine;
    }
}
