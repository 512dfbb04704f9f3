package dev.holdfast.posix.files;

import dev.holdfast.posix.Abi;
import dev.holdfast.posix.Libc;
import dev.holdfast.posix.NativeBuffer;
import dev.holdfast.posix.PosixException;

/**
 * A pipe(7) whose both ends are closed on exec, and whose read end does not block. The write end does: it is for
 * others.
 *
 * @param readEnd its descriptor
 * @param writeEnd its descriptor
 */
public record Pipe(int readEnd, int writeEnd) implements AutoCloseable {

    /**
     * Makes a pipe.
     *
     * @throws PosixException if there are no descriptors left
     */
    public static Pipe open() {
        try (NativeBuffer ends = NativeBuffer.allocate(2 * Integer.BYTES)) {
            Libc.checked(Libc.call(Libc.symbol("pipe2"), ends.address(), FileDescriptors.O_CLOEXEC), "pipe2", "");
            // Nothing of this can fail on a pipe that was just made.
            var unused = Libc.call(Libc.symbol("fcntl"), ends.getInt(0), Abi.F_SETFL, FileDescriptors.O_NONBLOCK);
            return new Pipe(ends.getInt(0), ends.getInt(Integer.BYTES));
        }
    }

    @Override
    public void close() {
        FileDescriptors.close(readEnd);
        FileDescriptors.close(writeEnd);
    }
}
