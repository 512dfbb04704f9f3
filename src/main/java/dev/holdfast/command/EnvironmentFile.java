package dev.holdfast.command;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.files.PositionedAccess;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A file of {@code NAME=value} lines, in the syntax of systemd's EnvironmentFile=, with {@code export} allowed before a
 * name.
 *
 * <p>Empty lines and those that begin with {@code #} or {@code ;} are left out. Blanks around a value are dropped. A
 * backslash makes the next character an ordinary one, and joins lines at the end of one; nothing is special in single
 * quotes; in double quotes a backslash is so only before one of {@code "\`$}. Quoted values may have several lines.
 * Nothing is expanded. No value ever gets into a message.
 *
 * @see <a href="https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html">systemd.exec(5)</a>
 */
final class EnvironmentFile {
    private static final int MOST_BYTES = 1024 * 1024;
    private static final String SPECIAL_IN_DOUBLE_QUOTES = "\"\\`$";
    private static final char END = '\uffff';

    private final String file;
    /** Latin-1, which keeps every byte. */
    private final String text;

    private final List<byte[]> entries = new ArrayList<>();
    private int at;
    private int line = 1;

    private EnvironmentFile(String file, String text) {
        this.file = file;
        this.text = text;
    }

    /**
     * Reads a file whole; never blocks on a FIFO.
     *
     * @param name its path; with a hyphen in front it may be missing
     * @return {@code NAME=value}, each
     * @throws ProcessSettingsException if it cannot be read, or has a line that is something else
     */
    static List<byte[]> read(String name) {
        boolean isOptional = name.startsWith("-");
        String path = isOptional ? name.substring(1) : name;
        // Non-blocking: a FIFO that nobody writes to must not hold the start up before it is refused.
        int fd = FileDescriptors.open(
                path, FileDescriptors.O_RDONLY | FileDescriptors.O_NONBLOCK | FileDescriptors.O_NOCTTY, 0);
        if (fd == -Errno.ENOENT && isOptional) {
            return List.of();
        }
        int equals = fd == -Errno.ENOENT ? endOfVariable(path) : 0;
        if (equals > 0) {
            String variable = path.substring(0, equals) + "=...";
            throw unreadable(
                    variable, "no such file; to set one variable, write it before the command: env " + variable);
        }
        if (fd < 0) {
            throw unreadable(path, Errno.describe(-fd));
        }
        try {
            return parse(path, new String(content(path, fd), StandardCharsets.ISO_8859_1));
        } catch (PosixException e) {
            throw unreadable(path, Errno.describe(e.errno()));
        } finally {
            FileDescriptors.close(fd);
        }
    }

    private static byte[] content(String path, int fd) {
        FileStatus status = FileStatus.ofDescriptor(fd);
        if (!status.isRegular()) {
            throw unreadable(path, "it is a " + status.kind());
        }
        byte[] content = PositionedAccess.readAt(fd, MOST_BYTES + 1);
        if (content.length > MOST_BYTES) {
            throw unreadable(path, "it is larger than 1 MiB");
        }
        return content;
    }

    private static ProcessSettingsException unreadable(String path, String why) {
        return ProcessSettingsException.unreadable("cannot read the environment file \"" + path + "\": " + why);
    }

    /** The entries of a text; the file is for messages. */
    static List<byte[]> parse(String file, String text) {
        EnvironmentFile reader = new EnvironmentFile(file, text);
        reader.skipByteOrderMark();
        while (reader.peek() != END) {
            reader.readLine();
        }
        return reader.entries;
    }

    private void skipByteOrderMark() {
        if (text.startsWith("\u00ef\u00bb\u00bf")) {
            at = 3;
        }
    }

    private void readLine() {
        skipBlanks();
        char first = peek();
        if (first == '#' || first == ';') {
            skipComment();
        } else if (isLineEnd(first)) {
            next();
        } else if (first != END) {
            String name = name();
            entries.add((name + "=" + value()).getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    /** A backslash before its end makes the next line part of it, as in systemd. */
    private void skipComment() {
        while (peek() != END && !isLineEnd(peek())) {
            if (next() == '\\' && peek() != END) {
                skipLineEndOrOne();
            }
        }
    }

    private String name() {
        int start = at;
        int startLine = line;
        while (peek() != '=') {
            if (peek() == END || isLineEnd(peek())) {
                throw problem(startLine, "is not NAME=value");
            }
            next();
        }
        String name = text.substring(start, at).strip();
        next();
        if (name.startsWith("export ") || name.startsWith("export\t")) {
            name = name.substring("export ".length()).strip();
        }
        if (!isName(name)) {
            throw problem(startLine, "has no valid name before its =");
        }
        return name;
    }

    /** Where the name of a variable ends that a word sets, as {@code NAME=value} does; 0 when it sets none. */
    static int endOfVariable(String word) {
        int equals = word.indexOf('=');
        return equals > 0 && isName(word.substring(0, equals)) ? equals : 0;
    }

    /** Dots and hyphens, too: some programs read such variables. */
    private static boolean isName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
            boolean isOther = (c >= '0' && c <= '9') || c == '.' || c == '-';
            if (!isLetter && !(isOther && i > 0)) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    private String value() {
        StringBuilder value = new StringBuilder();
        int meant = 0; // all up to here stays, blanks too
        skipBlanks();
        while (peek() != END && !isLineEnd(peek())) {
            char c = next();
            switch (c) {
                case '\\' -> escaped(value);
                case '\'' -> singleQuoted(value);
                case '"' -> doubleQuoted(value);
                case '\0' -> throw problem(line, "has a NUL byte");
                default -> value.append(c);
            }
            meant = isBlank(c) ? meant : value.length();
        }
        value.setLength(meant);
        return value.toString();
    }

    private void escaped(StringBuilder value) {
        if (isLineEnd(peek())) {
            skipLineEndOrOne();
        } else if (peek() != END) {
            value.append(checked(next()));
        }
    }

    private void singleQuoted(StringBuilder value) {
        int start = line;
        while (peek() != '\'') {
            value.append(quoted(start));
        }
        next();
    }

    private void doubleQuoted(StringBuilder value) {
        int start = line;
        while (peek() != '"') {
            char c = quoted(start);
            if (c != '\\') {
                value.append(c);
            } else if (isLineEnd(peek())) {
                skipLineEndOrOne();
            } else if (SPECIAL_IN_DOUBLE_QUOTES.indexOf(peek()) >= 0) {
                value.append(next());
            } else {
                value.append(c);
            }
        }
        next();
    }

    private char quoted(int start) {
        if (peek() == END) {
            throw problem(start, "has a quote that is not closed");
        }
        return checked(next());
    }

    private char checked(char c) {
        if (c == '\0') {
            throw problem(line, "has a NUL byte");
        }
        return c;
    }

    private ProcessSettingsException problem(int where, String what) {
        return ProcessSettingsException.malformed("environment file " + file + ":" + where + " " + what);
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : END;
    }

    private char next() {
        char c = text.charAt(at++);
        if (c == '\n' || (c == '\r' && peek() != '\n')) {
            line++;
        }
        return c;
    }

    /** A CRLF is one. */
    private void skipLineEndOrOne() {
        if (next() == '\r' && peek() == '\n') {
            next();
        }
    }

    private void skipBlanks() {
        while (isBlank(peek())) {
            next();
        }
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isLineEnd(char c) {
        return c == '\n' || c == '\r';
    }
}
