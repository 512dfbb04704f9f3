package dev.holdfast.output;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.files.PositionedAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One file of a log, open for reading: known by its inode, whatever it is renamed to meanwhile. */
final class OutputPart implements AutoCloseable {
    private static final int MOST_PARTS = 1000;
    private static final int TRIALS = 200;

    private final int fd;
    private final FileStatus opened;
    private final OutputTimes times;

    private OutputPart(int fd, FileStatus opened, OutputTimes times) {
        this.fd = fd;
        this.opened = opened;
        this.times = times;
    }

    /**
     * All files of a log, the newest first. A rotation that goes on meanwhile leaves a gap, or moves a file on between two
     * looks; so a look counts only when another one finds the same.
     *
     * @return the files; empty when there is no log
     * @throws PosixException if one may not be read
     */
    static List<OutputPart> all(String path) {
        for (int trial = 1; ; trial++) {
            List<OutputPart> parts = openAll(path);
            if (isSame(parts, path) || trial == TRIALS) {
                return parts;
            }
            parts.forEach(OutputPart::close);
        }
    }

    /** In the middle of a rotation one name is missing; behind the last file two are. */
    private static List<OutputPart> openAll(String path) {
        List<OutputPart> parts = new ArrayList<>();
        int missing = 0;
        for (int age = 0; age < MOST_PARTS && missing < 2; age++) {
            Optional<OutputPart> part = open(path, age);
            part.ifPresent(parts::add);
            missing = part.isPresent() ? 0 : missing + 1;
        }
        return parts;
    }

    private static boolean isSame(List<OutputPart> parts, String path) {
        int found = 0;
        int missing = 0;
        for (int age = 0; age < MOST_PARTS && missing < 2; age++) {
            Optional<FileStatus> now = FileStatus.ofName(OutputNames.rotated(path, age));
            missing = now.isPresent() ? 0 : missing + 1;
            if (now.isPresent()) {
                if (found == parts.size() || !now.get().isSameFile(parts.get(found).opened)) {
                    return false;
                }
                found++;
            }
        }
        return found == parts.size();
    }

    private static Optional<OutputPart> open(String path, int age) {
        String name = OutputNames.rotated(path, age);
        Optional<FileStatus> there = FileStatus.ofName(name);
        if (there.isEmpty() || !there.get().isRegular()) {
            return Optional.empty();
        }
        int fd = FileDescriptors.openUntrusted(name);
        if (fd < 0) {
            if (fd == -Errno.ENOENT) {
                return Optional.empty(); // renamed meanwhile
            }
            throw new PosixException(-fd, "open", name);
        }
        FileStatus status = FileStatus.ofDescriptor(fd);
        return Optional.of(new OutputPart(fd, status, times(path, age, status)));
    }

    /** They are renamed after the file, so they may have its last name still. */
    private static OutputTimes times(String path, int age, FileStatus status) {
        for (int other : new int[] {age, age - 1, age + 1}) {
            if (other >= 0) {
                OutputTimes times =
                        new OutputTimes(OutputNames.times(path, other), status.inode(), status.modifiedSeconds());
                if (times.areKnown()) {
                    return times;
                }
            }
        }
        return new OutputTimes("", status.inode(), status.modifiedSeconds());
    }

    boolean isSameFile(OutputPart other) {
        return opened.isSameFile(other.opened);
    }

    /** Whether this is the file that is written: the one that the log's name leads to. */
    boolean isNamed(String path) {
        Optional<FileStatus> named = FileStatus.ofName(path);
        return named.isPresent() && named.get().isSameFile(opened);
    }

    long size() {
        return FileStatus.ofDescriptor(fd).size();
    }

    byte[] read(long offset, int most) {
        return PositionedAccess.readAt(fd, most, offset);
    }

    OutputTimes times() {
        return times;
    }

    @Override
    public void close() {
        FileDescriptors.close(fd);
        times.close();
    }
}
