package dev.holdfast.history;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileStatus;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Reads the history, the newest file first, and of each file the newest lines first, so that a few of them cost little. What is no line is passed over: the half of one that a full disk has left, too,
 * and what stands behind that on the same line is found all the same.
 */
public final class HistoryReader {
    /** A file that is not rotated grows without end: no more is read of one. */
    private static final long MOST_BYTES = 2 * HistoryFile.USUAL_SIZE;

    private static final int READING = FileDescriptors.O_RDONLY | FileDescriptors.O_NONBLOCK | FileDescriptors.O_NOCTTY;

    private final String path;
    private final List<String> obstacles = new ArrayList<>();

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
        obstacles.clear();
        List<HistoryEntry> found = new ArrayList<>();
        List<FileStatus> read = new ArrayList<>();
        for (int age = 0; age <= HistoryFile.USUAL_KEEP && found.size() < most; age++) {
            readFile(HistoryFile.rotated(path, age), read, most, wanted, found);
        }
        Collections.reverse(found);
        return found;
    }

    /** Which files could not be read by {@link #last}, and why; one that is not there is none of them. */
    public List<String> obstacles() {
        return List.copyOf(obstacles);
    }

    private void readFile(
            String file, List<FileStatus> read, long most, Predicate<HistoryEntry> wanted, List<HistoryEntry> found) {
        int fd = FileDescriptors.open(file, READING, 0);
        if (fd == -Errno.ENOENT) {
            return;
        }
        if (fd < 0) {
            obstacles.add(file + ": " + Errno.describe(-fd));
            return;
        }
        try {
            FileStatus status = FileStatus.ofDescriptor(fd);
            if (!status.isRegular()) {
                obstacles.add(file + ": it is a " + status.kind() + ", not a regular file");
            } else if (read.stream().noneMatch(status::isSameFile)) { // else it was rotated meanwhile
                read.add(status);
                LastLines lines = new LastLines(fd, Math.max(0, status.size() - MOST_BYTES), status.size());
                while (lines.hasNext() && found.size() < most) {
                    entry(lines.next()).filter(wanted).ifPresent(found::add);
                }
            }
        } catch (PosixException e) {
            obstacles.add(file + ": " + Errno.describe(e.errno()));
        } finally {
            FileDescriptors.close(fd);
        }
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
}
