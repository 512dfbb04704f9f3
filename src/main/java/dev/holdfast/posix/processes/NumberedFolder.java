package dev.holdfast.posix.processes;

import dev.holdfast.posix.Abi;
import dev.holdfast.posix.Libc;
import dev.holdfast.posix.NativeBuffer;
import java.util.Arrays;

/**
 * The entries of a folder of {@code /proc} that are numbers: processes, threads, descriptors. Read from the kernel's own list,
 * since a start that waits for the answer would wait a third of a millisecond longer for a hundred names as text.
 *
 * <p>Never blocks. Safe for use by many threads.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/getdents.2.html">getdents64(2)</a>
 */
final class NumberedFolder {
    private static final int ROOM = 1 << 13;
    /** Where in an entry its length and its name are. */
    private static final int LENGTH_AT = 16;

    private static final int NAME_AT = 19;
    private static final int ENTRIES_AT_FIRST = 256;

    private NumberedFolder() {}

    /**
     * The numbers.
     *
     * @param path of the folder
     * @return the numbers, in the kernel's order; none when the folder cannot be listed
     */
    static int[] entries(String path) {
        try (NativeBuffer name = NativeBuffer.cString(path)) {
            int fd = (int)
                    Libc.call(Libc.symbol("open"), name.address(), Abi.O_RDONLY | Abi.O_DIRECTORY | Abi.O_CLOEXEC);
            return fd < 0 ? new int[0] : entriesAndClose(fd);
        }
    }

    private static int[] entriesAndClose(int fd) {
        int[] numbers = new int[ENTRIES_AT_FIRST];
        int count = 0;
        try (NativeBuffer room = NativeBuffer.allocate(ROOM)) {
            byte[] entries = new byte[ROOM];
            int length = next(fd, room);
            for (; length > 0; length = next(fd, room)) {
                room.getBytes(0, entries, length);
                for (int at = 0; at < length; at += length(entries, at)) {
                    int number = number(entries, at + NAME_AT);
                    if (number >= 0) {
                        numbers = count < numbers.length ? numbers : Arrays.copyOf(numbers, 2 * count);
                        numbers[count++] = number;
                    }
                }
            }
            return length < 0 ? new int[0] : Arrays.copyOf(numbers, count);
        } finally {
            var unused = Libc.call(Libc.symbol("close"), fd);
        }
    }

    private static int next(int fd, NativeBuffer room) {
        return (int) Libc.systemCall(Abi.SYS_GETDENTS64, fd, room.address(), room.size(), 0);
    }

    /** Both architectures are little-endian. */
    private static int length(byte[] entries, int at) {
        return (entries[at + LENGTH_AT] & 0xff) | (entries[at + LENGTH_AT + 1] & 0xff) << 8;
    }

    /** The number that a name ended by a NUL byte is; -1 when it is none. */
    private static int number(byte[] entries, int from) {
        int number = 0;
        int at = from;
        for (; entries[at] >= '0' && entries[at] <= '9'; at++) {
            number = number * 10 + entries[at] - '0';
        }
        return at > from && entries[at] == 0 ? number : -1;
    }
}
