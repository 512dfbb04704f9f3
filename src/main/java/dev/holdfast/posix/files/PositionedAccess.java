package dev.holdfast.posix.files;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.Libc;
import dev.holdfast.posix.NativeBuffer;
import dev.holdfast.posix.PosixException;

/**
 * Reads and writes at a position of a file, by descriptor number: what others do with the same open file meanwhile moves
 * nothing. Safe for use by many threads.
 */
public final class PositionedAccess {
    private static final long PREAD = Libc.symbol("pread64");
    private static final long PWRITE = Libc.symbol("pwrite64");
    private static final long FTRUNCATE = Libc.symbol("ftruncate64");

    private PositionedAccess() {}

    /**
     * Reads from a position, without moving the descriptor's own.
     *
     * @param most how many bytes at the most
     * @return what was there, possibly less, empty at the end of the file
     * @throws PosixException if the read fails
     */
    public static byte[] readAt(int fd, int most) {
        try (NativeBuffer buffer = NativeBuffer.allocate(most)) {
            int count = (int) Libc.call(PREAD, fd, buffer.address(), most, 0);
            while (count < 0 && Libc.errno() == Errno.EINTR) {
                count = (int) Libc.call(PREAD, fd, buffer.address(), most, 0);
            }
            return buffer.getBytes(0, Libc.checked(count, "pread", "fd " + fd));
        }
    }

    /**
     * Reads from a position, without moving the descriptor's own.
     *
     * @param most how many bytes at the most
     * @param position where to begin, in bytes
     * @return what was there, possibly less, empty at the end of the file
     * @throws PosixException if the read fails
     */
    public static byte[] readAt(int fd, int most, long position) {
        try (NativeBuffer buffer = NativeBuffer.allocate(most)) {
            int count = Libc.checked(Libc.call(PREAD, fd, buffer.address(), most, position), "pread", "fd " + fd);
            return buffer.getBytes(0, count);
        }
    }

    /**
     * Writes a block at the beginning of a file, with a single pwrite(2).
     *
     * @param block the bytes
     * @throws PosixException if the write fails or is short, with ENOSPC for a short one
     */
    public static void writeAtStart(int fd, byte[] block) {
        try (NativeBuffer buffer = NativeBuffer.allocate(block.length)) {
            buffer.putBytes(0, block);
            int count = Libc.checked(Libc.call(PWRITE, fd, buffer.address(), block.length, 0), "pwrite", "fd " + fd);
            if (count != block.length) {
                throw new PosixException(Errno.ENOSPC, "pwrite", "fd " + fd);
            }
        }
    }

    /**
     * Cuts a file to a length.
     *
     * @param length in bytes
     * @throws PosixException if that fails
     */
    public static void truncate(int fd, long length) {
        Libc.checked(Libc.call(FTRUNCATE, fd, length), "ftruncate", "fd " + fd);
    }
}
