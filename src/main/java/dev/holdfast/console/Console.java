package dev.holdfast.console;

import dev.holdfast.posix.files.NonBlockingWriter;
import dev.holdfast.text.Printable;

/**
 * What Holdfast says: complaints on stderr, which never block, since who does not read must not hold up a stop; results
 * on stdout. Foreign text is made printable once more where it goes out here.
 */
public final class Console {
    private static final NonBlockingWriter STDERR = new NonBlockingWriter(2);

    private Console() {}

    /** A message of one or more lines, the first of which gets the program's name. */
    public static void complain(String message) {
        line("holdfast: " + message);
    }

    /** One or more lines on stderr, without the program's name. What cannot be written at once is dropped. */
    public static void line(String text) {
        var unused = STDERR.write(Printable.lines(text) + "\n");
    }

    /** Stderr is another file from now on. */
    public static void stderrWasReplaced() {
        STDERR.close(); // it may have opened the old one once more
    }

    /** A result, with a newline behind it. May block, as the caller's pipe does. What cannot be written is told at the end. */
    public static void result(String text) {
        System.out.println(Printable.lines(text));
    }

    /**
     * Draws on the terminal of stdout. May block, as that does.
     *
     * @param text with control sequences; foreign text in it is printable already
     * @return false when nobody is there to see it
     */
    public static boolean draw(String text) {
        System.out.print(text);
        return !System.out.checkError();
    }
}
