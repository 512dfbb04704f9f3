package dev.holdfast.posix;

/**
 * A pipe(7) whose both ends are closed on exec.
 *
 * @param readEnd its descriptor
 * @param writeEnd its descriptor
 */
public record Pipe(int readEnd, int writeEnd) implements AutoCloseable {
    /**
     * Makes a pipe.
     *
     * @return the pipe
     * @throws PosixException if there are no descriptors left
     */
    public static Pipe open() {
        try (NativeBuffer ends = NativeBuffer.allocate(2 * Integer.BYTES)) {
            Libc.checked(Libc.call(Libc.symbol("pipe2"), ends.address(), FileDescriptors.O_CLOEXEC), "pipe2", "");
            return new Pipe(ends.getInt(0), ends.getInt(Integer.BYTES));
        }
    }

    @Override
    public void close() {
        FileDescriptors.close(readEnd);
        FileDescriptors.close(writeEnd);
    }
}
