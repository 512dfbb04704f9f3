package dev.holdfast.output;

import dev.holdfast.journal.Journal;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileNames;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.files.PositionedAccess;
import dev.holdfast.settings.OutputSettings;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Keeps what a server prints in a file, byte for byte, and begins another one when it is full.
 *
 * <p>What one call does is bounded. A disk that is full costs output, never the server: what could not be written is
 * counted, and a line tells the count once there is room again. A disk that does not answer at all blocks the caller, as
 * it blocks every program that writes to it.
 *
 * <p>Files are rotated at the end of a line, by renaming alone, the oldest first; so a reader that knows its file by inode
 * finds the next one. Who removes the file, or cuts it, is noticed within a second of the next output. Not safe for use by
 * many threads.
 */
public final class OutputFile implements AutoCloseable {
    private static final int STDERR = 2;
    private static final int NONE = -1;
    /** The end of a longer line is not waited for. */
    private static final int LONGEST_LINE = 65_536;
    /** How exact times are, and how soon it is noticed what others have done to the file. */
    private static final long LOOK_NANOS = 1_000_000_000;

    private final OutputSettings settings;
    private final Journal journal;
    private int fd = NONE;
    private int times = NONE;
    private long size;
    /** From which size on the next file is begun: more than the settings say when that has failed. */
    private long limit;

    private boolean isInLine;
    private long lost;
    private String reason = "";
    private long lookAt;
    private boolean hasTold;

    private OutputFile(OutputSettings settings, Journal journal) {
        this.settings = settings;
        this.journal = journal;
        this.limit = settings.maxBytes();
    }

    /**
     * Opens it, and makes it and its folder where they are missing. What is in it stays.
     *
     * @param settings where, and how much of it
     * @param journal is told of losses
     * @throws OutputFileException if it cannot be had, or must not be used
     */
    public static OutputFile open(OutputSettings settings, Journal journal) {
        OutputFile file = new OutputFile(settings, journal);
        OutputFolder.require(
                settings.path().substring(0, Math.max(1, settings.path().lastIndexOf('/'))));
        file.openFile();
        return file;
    }

    private void openFile() {
        int opened = OutputFolder.append(settings.path());
        closeFiles();
        fd = opened;
        FileStatus status = FileStatus.ofDescriptor(fd);
        size = status.size();
        isInLine = false; // of a server that was killed in a line nothing more comes
        openTimes(status.inode());
        if (times != NONE) {
            OutputTimes.add(times, size);
        }
        lookAt = System.nanoTime();
        if (settings.isOnlyPlace()) {
            FileDescriptors.replace(fd, STDERR);
        }
    }

    /** Without them, everything else works. */
    private void openTimes(long inode) {
        try {
            times = OutputFolder.append(OutputNames.times(settings.path(), 0));
            OutputTimes.begin(times, inode, size);
        } catch (OutputFileException | PosixException e) {
            journal.debug("no times of output lines: " + e.getMessage());
        }
    }

    /**
     * Appends what the server has printed.
     *
     * @param bytes the bytes as they came
     */
    public void write(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        look();
        int from = 0;
        if (size >= limit) {
            int end = isInLine ? indexOfNewline(bytes) + 1 : 0;
            if (!isInLine || end > 0 || size >= limit + LONGEST_LINE) {
                append(Arrays.copyOf(bytes, end));
                from = end;
                rotate();
            }
        }
        append(from == 0 ? bytes : Arrays.copyOfRange(bytes, from, bytes.length));
    }

    private static int indexOfNewline(byte[] bytes) {
        int at = 0;
        while (at < bytes.length && bytes[at] != '\n') {
            at++;
        }
        return at == bytes.length ? -1 : at;
    }

    private void append(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        if (lost > 0 && !tellLoss()) {
            lost += bytes.length;
            return;
        }
        int written = 0;
        int count;
        do {
            // A short write does not say why: the next one does.
            count = FileDescriptors.write(fd, written == 0 ? bytes : Arrays.copyOfRange(bytes, written, bytes.length));
            written += Math.max(0, count);
        } while (written < bytes.length && (count > 0 || count == -Errno.EINTR));
        if (written > 0) {
            size += written;
            isInLine = bytes[written - 1] != '\n';
        }
        if (written < bytes.length) {
            lose(bytes.length - written, Errno.describe(-count));
        }
    }

    private void lose(int count, String why) {
        lost += count;
        reason = why;
        if (!hasTold) {
            hasTold = true;
            journal.warn("output cannot be written, and is lost meanwhile: " + why + " file=" + settings.path());
        }
    }

    /** Whether there is room again, so that the file now says what is missing here. */
    private boolean tellLoss() {
        byte[] line = ((isInLine ? "\n" : "") + "holdfast: " + lost + " bytes of output were lost here: " + reason
                        + "\n")
                .getBytes(StandardCharsets.US_ASCII);
        int count = FileDescriptors.write(fd, line);
        if (count < line.length) {
            if (count > 0) {
                cutOff();
            }
            return false;
        }
        size += count;
        isInLine = false;
        journal.warn("output is written again bytes-lost=" + lost + " file=" + settings.path());
        lost = 0;
        hasTold = false;
        return true;
    }

    /** Half of a line about a loss would be garbage. */
    private void cutOff() {
        try {
            PositionedAccess.truncate(fd, size);
        } catch (PosixException e) {
            journal.debug("cannot cut the output file: " + e.getMessage());
        }
    }

    /** Notes the time, and what others have done to the file: at most once a second, and never in a quiet time. */
    private void look() {
        long now = System.nanoTime();
        if (now < lookAt) {
            return;
        }
        lookAt = now + LOOK_NANOS;
        FileStatus ours = FileStatus.ofDescriptor(fd);
        Optional<FileStatus> named = FileStatus.ofName(settings.path());
        if (named.isEmpty() || !named.get().isSameFile(ours)) {
            reopen();
        } else if (ours.size() != size) {
            if (ours.size() < size) {
                isInLine = false;
            }
            size = ours.size(); // the launcher's own lines go there by stderr; or somebody has cut it
        }
        if (times != NONE) {
            OutputTimes.add(times, size);
        }
    }

    private void reopen() {
        try {
            openFile();
        } catch (OutputFileException | PosixException e) {
            if (!hasTold) {
                hasTold = true;
                journal.warn("the output file was removed or replaced, and cannot be made again: " + e.getMessage());
            }
        }
    }

    /** The oldest first, so that whoever looks meanwhile sees a gap, and not one file twice. */
    private void rotate() {
        int errno = 0;
        for (int age = settings.keep(); age > 0 && isNotThere(errno); age--) {
            errno = move(age - 1, age);
        }
        if (settings.keep() == 0) {
            errno = FileNames.unlink(settings.path());
            var unused = FileNames.unlink(OutputNames.times(settings.path(), 0));
        }
        limit = settings.maxBytes();
        if (!isNotThere(errno)) {
            limit = size + settings.maxBytes();
            journal.warn("cannot begin another output file: " + Errno.describe(errno) + " file=" + settings.path());
            return;
        }
        reopen();
        lookAt = System.nanoTime() + LOOK_NANOS;
    }

    private static boolean isNotThere(int errno) {
        return errno == 0 || errno == Errno.ENOENT;
    }

    private int move(int from, int to) {
        String path = settings.path();
        int errno = FileNames.rename(OutputNames.rotated(path, from), OutputNames.rotated(path, to));
        if (errno == 0 && FileNames.rename(OutputNames.times(path, from), OutputNames.times(path, to)) != 0) {
            var unused = FileNames.unlink(OutputNames.times(path, to)); // an older file's
        }
        return errno;
    }

    private void closeFiles() {
        if (fd != NONE) {
            FileDescriptors.close(fd);
            fd = NONE;
        }
        if (times != NONE) {
            FileDescriptors.close(times);
            times = NONE;
        }
    }

    /** Tells a loss, where there is room by now. */
    @Override
    public void close() {
        if (lost > 0) {
            var unused = tellLoss();
        }
        closeFiles();
    }
}
