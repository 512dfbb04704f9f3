package dev.holdfast.commands.help;

import java.io.IOException;
import java.io.Writer;

/** Folds each line that is written before it passes it on. What follows the last line's end waits for its own. */
final class FoldedWriter extends Writer {
    private final Writer out;
    private final HelpWidth width;
    private final StringBuilder begun = new StringBuilder();

    FoldedWriter(Writer out, HelpWidth width) {
        this.out = out;
        this.width = width;
    }

    @Override
    public void write(char[] text, int offset, int length) throws IOException {
        begun.append(text, offset, length);
        for (int end = begun.indexOf("\n"); end >= 0; end = begun.indexOf("\n")) {
            out.write(width.fold(begun.substring(0, end)));
            begun.delete(0, end + 1);
        }
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
