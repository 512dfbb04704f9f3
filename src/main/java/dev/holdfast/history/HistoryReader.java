package dev.holdfast.history;

import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.files.PositionedAccess;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Reads the history, the newest file first. What is no line is passed over: the half of one that a full disk has left, too,
 * and what stands behind that on the same line is found all the same.
 */
public final class HistoryReader {
    /** Somebody else may have made the file: no more is read of one. */
    private static final long MOST_BYTES = 64L << 20;

    private static final int BLOCK = 1 << 16;

    private final String path;

    /**
     * A reader that has read nothing.
     *
     * @param path of the file that is written now
     */
    public HistoryReader(String path) {
        this.path = path;
    }

    /**
     * The last lines.
     *
     * @param most how many of them
     * @param wanted which of them
     * @return the oldest first
     */
    public List<HistoryEntry> last(long most, Predicate<HistoryEntry> wanted) {
        List<HistoryEntry> found = new ArrayList<>();
        for (int age = 0; age <= HistoryFile.USUAL_KEEP && found.size() < most; age++) {
            List<byte[]> lines = lines(HistoryFile.rotated(path, age));
            for (int i = lines.size() - 1; i >= 0 && found.size() < most; i--) {
                entry(lines.get(i)).filter(wanted).ifPresent(found::add);
            }
        }
        Collections.reverse(found);
        return found;
    }

    private static Optional<HistoryEntry> entry(byte[] line) {
        Optional<HistoryEntry> whole = HistoryEntry.of(line);
        if (whole.isPresent()) {
            return whole;
        }
        String text = new String(line, StandardCharsets.UTF_8);
        int begin = text.lastIndexOf(HistoryLine.BEGIN);
        return begin > 0 ? HistoryEntry.of(text.substring(begin).getBytes(StandardCharsets.UTF_8)) : Optional.empty();
    }

    /** None when the file is not there, cannot be read, or is none. */
    private static List<byte[]> lines(String file) {
        int fd = FileDescriptors.open(
                file, FileDescriptors.O_RDONLY | FileDescriptors.O_NONBLOCK | FileDescriptors.O_NOCTTY, 0);
        if (fd < 0) {
            return List.of();
        }
        try {
            return FileStatus.ofDescriptor(fd).isRegular() ? split(contents(fd)) : List.of();
        } catch (PosixException e) {
            return List.of();
        } finally {
            FileDescriptors.close(fd);
        }
    }

    private static byte[] contents(int fd) {
        ByteArrayOutputStream all = new ByteArrayOutputStream(BLOCK);
        long from = Math.max(0, FileStatus.ofDescriptor(fd).size() - MOST_BYTES);
        byte[] next = PositionedAccess.readAt(fd, BLOCK, from);
        while (next.length > 0 && all.size() < MOST_BYTES) {
            all.write(next, 0, next.length);
            next = PositionedAccess.readAt(fd, BLOCK, from + all.size());
        }
        return all.toByteArray();
    }

    private static List<byte[]> split(byte[] bytes) {
        List<byte[]> lines = new ArrayList<>();
        int from = 0;
        for (int at = 0; at < bytes.length; at++) {
            if (bytes[at] == '\n') {
                lines.add(Arrays.copyOfRange(bytes, from, at));
                from = at + 1;
            }
        }
        if (from < bytes.length) {
            lines.add(Arrays.copyOfRange(bytes, from, bytes.length));
        }
        return lines;
    }
}
