package dev.holdfast.cli;

import dev.holdfast.posix.NonBlockingWriter;

/** What Holdfast itself says to a person, on stderr. Never blocks: who does not read must not hold up a stop. */
final class Console {
    private static final NonBlockingWriter STDERR = new NonBlockingWriter(2);

    private Console() {}

    /** A message of one or more lines, the first of which gets the program's name. */
    static void complain(String message) {
        line("holdfast: " + message);
    }

    static void line(String text) {
        var unused = STDERR.write(text + "\n");
    }
}
