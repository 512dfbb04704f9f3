package dev.holdfast.posix.files;

import dev.holdfast.posix.Abi;
import dev.holdfast.posix.Libc;
import dev.holdfast.posix.NativeBuffer;
import dev.holdfast.posix.PosixException;

/**
 * A pipe(7) whose both ends are closed on exec, and of which this process's own end does not block. The other one does:
 * it is for others.
 *
 * @param readEnd its descriptor
 * @param writeEnd its descriptor
 */
public record Pipe(int readEnd, int writeEnd) implements AutoCloseable {

    /**
     * Makes a pipe that others write to.
     *
     * @throws PosixException if there are no descriptors left
     */
    public static Pipe open() {
        Pipe pipe = make();
        doNotBlock(pipe.readEnd);
        return pipe;
    }

    /**
     * Makes a pipe that others read from.
     *
     * @throws PosixException if there are no descriptors left
     */
    public static Pipe openForWriting() {
        Pipe pipe = make();
        doNotBlock(pipe.writeEnd);
        return pipe;
    }

    private static Pipe make() {
        try (NativeBuffer ends = NativeBuffer.allocate(2 * Integer.BYTES)) {
            Libc.checked(Libc.call(Libc.symbol("pipe2"), ends.address(), FileDescriptors.O_CLOEXEC), "pipe2", "");
            return new Pipe(ends.getInt(0), ends.getInt(Integer.BYTES));
        }
    }

    /**
     * Gives it room for more than the usual 64 KB, so that a long message takes fewer turns. A user who has many large pipes
     * gets no more of them, and it stays as it is.
     *
     * @param bytes how much
     */
    public void enlarge(int bytes) {
        var unused = Libc.call(Libc.symbol("fcntl"), readEnd, Abi.F_SETPIPE_SZ, bytes);
    }

    /** Nothing of this can fail on a pipe that was just made. */
    private static void doNotBlock(int end) {
        var unused = Libc.call(Libc.symbol("fcntl"), end, Abi.F_SETFL, FileDescriptors.O_NONBLOCK);
    }

    @Override
    public void close() {
        FileDescriptors.close(readEnd);
        FileDescriptors.close(writeEnd);
    }
}
