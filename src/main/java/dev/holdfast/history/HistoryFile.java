package dev.holdfast.history;

import dev.holdfast.output.OutputFileException;
import dev.holdfast.output.OutputFolder;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileLocks;
import dev.holdfast.posix.files.FileNames;
import dev.holdfast.posix.files.FileStatus;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The file of the history, to which many launchers append at once, each line in a single write; it is open only for that.
 *
 * <p>When it is full, it becomes {@code history.jsonl.1}, and that one {@code .2}, and so on. Who does that holds a lock on
 * the full file and looks whether the path still names it, so two at once do it once. Who has it open meanwhile appends to
 * the one that is full: nothing is lost by it.
 *
 * <p>Nothing here fails and nothing waits for another process: what cannot be written is told to the caller. Follows no
 * link, writes to no FIFO and no device. On a network file system two machines at once may write over each other's line.
 */
public final class HistoryFile {
    /** When another one is begun, in bytes: some 5000 lines. */
    public static final long USUAL_SIZE = 1 << 20;
    /** How many full ones are kept. */
    public static final int USUAL_KEEP = 3;

    private final String path;
    private final long size;
    private final int keep;

    /** The file at a path, which need not be there. */
    public HistoryFile(String path) {
        this(path, USUAL_SIZE, USUAL_KEEP);
    }

    /**
     * One that is full earlier or later than others.
     *
     * @param size from how many bytes on another one is begun
     * @param keep how many full ones are kept; at least one
     */
    public HistoryFile(String path, long size, int keep) {
        this.path = path;
        this.size = size;
        this.keep = keep;
    }

    /** The path of the file that was full so many rotations ago; 0 for the one that is written. */
    static String rotated(String path, int age) {
        return age == 0 ? path : path + "." + age;
    }

    /**
     * Appends lines in one write. Makes the file and its folder, for this user alone, where they are missing.
     *
     * @param lines each with its newline
     * @return why they are not there; empty when they are
     */
    public String append(String lines) {
        int fd;
        try {
            OutputFolder.require(path.substring(0, Math.max(1, path.lastIndexOf('/'))));
            fd = OutputFolder.append(path);
        } catch (OutputFileException | PosixException e) {
            return String.valueOf(e.getMessage());
        }
        try {
            byte[] bytes = lines.getBytes(StandardCharsets.UTF_8);
            int count = FileDescriptors.write(fd, bytes);
            if (count < 0) {
                return Errno.describe(-count);
            }
            rotateIfFull(fd);
            // A rest would be a line of its own, perhaps behind somebody else's.
            return count == bytes.length ? "" : "only a part of it was written: the disk or a quota is full";
        } catch (PosixException e) {
            return String.valueOf(e.getMessage());
        } finally {
            FileDescriptors.close(fd);
        }
    }

    private void rotateIfFull(int fd) {
        FileStatus ours = FileStatus.ofDescriptor(fd);
        if (ours.size() < size || !FileLocks.tryFlock(fd)) {
            return; // else somebody else is at it
        }
        Optional<FileStatus> named = FileStatus.ofName(path);
        if (named.isPresent() && named.get().isSameFile(ours)) {
            for (int age = keep; age > 0; age--) {
                var unused = FileNames.rename(rotated(path, age - 1), rotated(path, age));
            }
        }
    }
}
