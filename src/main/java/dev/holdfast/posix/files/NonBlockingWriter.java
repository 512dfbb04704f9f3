package dev.holdfast.posix.files;

import dev.holdfast.posix.Abi;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.Libc;
import dev.holdfast.posix.NativeBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Writes to a descriptor that is shared with others, such as stderr with the server, and never blocks: a reader who
 * does not read must not keep the launcher from stopping.
 *
 * <p>The open file description is not ours alone, so it cannot be made non-blocking. A pipe or a terminal is opened
 * once more through {@code /proc}, which gives a description of our own; a socket is told so in each send. A file does
 * not block. Where it cannot be opened again, it is polled right before each write, which leaves only a race with
 * others who write there. Not safe for use by many threads.
 */
public final class NonBlockingWriter implements AutoCloseable {

    private static final int NOT_YET = -1;

    private final int shared;
    /** Opened at the first line: most launchers never write one. */
    private int own = NOT_YET;

    private boolean isSocket;
    private boolean mayBlock;

    /**
     * A writer that has not touched the descriptor yet.
     *
     * @param descriptor the shared one
     */
    public NonBlockingWriter(int descriptor) {
        this.shared = descriptor;
    }

    /**
     * Writes a short text in one call, or drops it.
     *
     * @param text what to write; cut at 4096 bytes
     * @return whether it was written
     */
    public boolean write(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, Abi.PIPE_BUF);
        try (NativeBuffer buffer = NativeBuffer.allocate(bytes.length + 1)) {
            buffer.putBytes(0, bytes);
            return write(buffer.address(), length) == length;
        }
    }

    /**
     * Writes once, up to 4096 bytes.
     *
     * @param bytes of which all that stands before {@code from} has been written
     * @param from less than their length
     * @return how many were written, or the negated error number: EAGAIN when it would block
     */
    public int write(byte[] bytes, int from) {
        byte[] piece = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + Abi.PIPE_BUF));
        try (NativeBuffer buffer = NativeBuffer.allocate(piece.length)) {
            buffer.putBytes(0, piece);
            return write(buffer.address(), piece.length);
        }
    }

    /**
     * Writes once.
     *
     * @param address where the bytes are
     * @param length how many; up to 4096, a pipe that polls as writable takes them all
     * @return how many were written, or the negated error number: EAGAIN when it would block
     */
    int write(long address, int length) {
        if (own == NOT_YET) {
            open();
        }
        if (mayBlock && !isWritable()) {
            return -Errno.EAGAIN;
        }
        int most = mayBlock ? Math.min(length, Abi.PIPE_BUF) : length;
        int written = (int)
                (isSocket
                        ? Libc.call(Libc.symbol("send"), shared, address, most, Abi.MSG_DONTWAIT | Abi.MSG_NOSIGNAL)
                        : Libc.call(Libc.symbol("write"), own, address, most));
        return written >= 0 ? written : -Libc.errno();
    }

    private boolean isWritable() {
        try (PollSet poll = new PollSet(1)) {
            poll.add(shared, PollSet.WRITABLE);
            return poll.await(0) > 0;
        }
    }

    private void open() {
        own = shared;
        String path = "/proc/self/fd/" + shared;
        Optional<FileStatus> status = FileStatus.ofTarget(path);
        String kind = status.isPresent() ? status.get().kind() : "";
        isSocket = kind.equals("socket");
        if (kind.equals("FIFO") || kind.equals("character device")) {
            int opened =
                    FileDescriptors.open(path, Abi.O_WRONLY | FileDescriptors.O_NONBLOCK | FileDescriptors.O_NOCTTY, 0);
            // EACCES after a change of user, EIO on a terminal that is gone: then as it is.
            mayBlock = opened < 0;
            own = mayBlock ? shared : opened;
        }
    }

    /** Closes what was opened for it. The shared descriptor stays open. */
    @Override
    public void close() {
        if (own != NOT_YET && own != shared) {
            FileDescriptors.close(own);
        }
        own = NOT_YET;
    }
}
