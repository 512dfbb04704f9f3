package dev.holdfast.embed;

import dev.holdfast.posix.files.NonBlockingWriter;
import dev.holdfast.posix.files.PollSet;

/** Writes an answer's text to the stdout of a second launch, which may be a pipe that nobody reads. */
final class AnswerText {
    /** A pipe that polls as writable takes it whole, however its letters are coded. */
    private static final int LETTERS_AT_ONCE = 1000;

    private static final long NANOS_PER_MILLI = 1_000_000;

    private AnswerText() {}

    /**
     * Writes, or gives up. Blocks until the deadline at the most.
     *
     * @param deadline by {@link System#nanoTime}
     */
    static void write(int descriptor, String text, long deadline) {
        try (NonBlockingWriter writer = new NonBlockingWriter(descriptor)) {
            int at = 0;
            while (at < text.length()) {
                int end = Math.min(text.length(), at + LETTERS_AT_ONCE);
                end -= end < text.length() && Character.isHighSurrogate(text.charAt(end - 1)) ? 1 : 0;
                if (writer.write(text.substring(at, end))) {
                    at = end;
                } else if (!awaitWritable(descriptor, deadline)) {
                    return;
                }
            }
        }
    }

    private static boolean awaitWritable(int descriptor, long deadline) {
        long millis = (deadline - System.nanoTime()) / NANOS_PER_MILLI;
        try (PollSet poll = new PollSet(1)) {
            int slot = poll.add(descriptor, PollSet.WRITABLE);
            return millis > 0
                    && poll.await((int) Math.min(Integer.MAX_VALUE, millis)) > 0
                    && (poll.returned(slot) & PollSet.WRITABLE) != 0
                    && (poll.returned(slot) & PollSet.ERROR) == 0;
        }
    }
}
