package dev.holdfast.output;

import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.files.PositionedAccess;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * When the lines of an output file came: a file beside it with a line for each second in which something was written,
 * {@code OFFSET MILLISECONDS}: what stands from this offset on came then, in milliseconds since 1970. Its first line names
 * the inode of the output file. It is a help and no more: without it, lines have the time of the file.
 */
final class OutputTimes implements AutoCloseable {
    private static final String HEADER = "inode ";
    private static final int AT_ONCE = 65_536;
    private static final int NONE = -1;

    private final int fd;
    private final long otherwise;
    private long readTo;
    private String rest = "";
    private long[] offsets = new long[64];
    private long[] millis = new long[64];
    private int count;

    /** Reads those of a file; the time of the file itself counts where they say nothing. */
    OutputTimes(String path, long inode, long modifiedSeconds) {
        otherwise = modifiedSeconds * 1000;
        int opened = FileDescriptors.openUntrusted(path);
        byte[] begin = opened < 0 ? new byte[0] : PositionedAccess.readAt(opened, 64, 0);
        boolean isOfFile = new String(begin, StandardCharsets.US_ASCII).startsWith(HEADER + inode + "\n");
        if (opened >= 0 && !isOfFile) {
            FileDescriptors.close(opened);
        }
        fd = isOfFile ? opened : NONE;
    }

    /** Whether they are there. */
    boolean areKnown() {
        return fd != NONE;
    }

    /** Begins them for a file. Those of an earlier file, or of one that was cut, are thrown away. */
    static void begin(int fd, long inode, long size) {
        String header = HEADER + inode + "\n";
        FileStatus status = FileStatus.ofDescriptor(fd);
        // Written only to be appended to: what is in it cannot be read by this descriptor.
        boolean isSame = status.size() > 0 && size > 0 && isOf("/proc/self/fd/" + fd, header);
        if (!isSame) {
            PositionedAccess.truncate(fd, 0);
            var unused = FileDescriptors.write(fd, header.getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static boolean isOf(String path, String header) {
        int fd = FileDescriptors.open(path, FileDescriptors.O_RDONLY, 0);
        if (fd < 0) {
            return false;
        }
        byte[] begin = PositionedAccess.readAt(fd, header.length(), 0);
        FileDescriptors.close(fd);
        return Arrays.equals(begin, header.getBytes(StandardCharsets.US_ASCII));
    }

    /** What is written from here on comes now. A failure costs the time and nothing else. */
    static void add(int fd, long offset) {
        String line = offset + " " + System.currentTimeMillis() + "\n";
        var unused = FileDescriptors.write(fd, line.getBytes(StandardCharsets.US_ASCII));
    }

    /** When what stands at an offset came, in milliseconds since 1970. */
    long at(long offset) {
        if (count == 0 || offset >= offsets[count - 1]) {
            read(); // there may be more by now
        }
        int found = Arrays.binarySearch(offsets, 0, count, offset);
        int index = found >= 0 ? lastOf(found) : -found - 2;
        return index < 0 ? otherwise : millis[index];
    }

    /** Several entries may have one offset: what was tried first was not written then. */
    private int lastOf(int found) {
        int index = found;
        while (index + 1 < count && offsets[index + 1] == offsets[index]) {
            index++;
        }
        return index;
    }

    /** From which offset on everything came at this time or later; -1 when all of it came before. */
    long since(long time) {
        read();
        if (count == 0) {
            return otherwise >= time ? 0 : -1;
        }
        for (int i = 0; i < count; i++) {
            if (millis[i] >= time) {
                return offsets[i];
            }
        }
        return -1;
    }

    private void read() {
        if (fd == NONE) {
            return;
        }
        for (byte[] more = PositionedAccess.readAt(fd, AT_ONCE, readTo);
                more.length > 0;
                more = PositionedAccess.readAt(fd, AT_ONCE, readTo)) {
            readTo += more.length;
            String text = rest + new String(more, StandardCharsets.US_ASCII);
            int end = text.lastIndexOf('\n') + 1;
            for (String line : text.substring(0, end).split("\n", -1)) {
                take(line);
            }
            rest = text.substring(end);
        }
    }

    private void take(String line) {
        int blank = line.indexOf(' ');
        if (blank <= 0 || line.startsWith(HEADER)) {
            return;
        }
        try {
            add(Long.parseLong(line.substring(0, blank)), Long.parseLong(line.substring(blank + 1)));
        } catch (NumberFormatException e) {
            // A full disk has cut the line: its second has the time of the one before.
            return;
        }
    }

    private void add(long offset, long time) {
        if (count > 0 && offset < offsets[count - 1]) {
            count = 0; // the file was cut, and began anew
        }
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, count * 2);
            millis = Arrays.copyOf(millis, count * 2);
        }
        offsets[count] = offset;
        millis[count] = time;
        count++;
    }

    @Override
    public void close() {
        if (fd != NONE) {
            FileDescriptors.close(fd);
        }
    }
}
