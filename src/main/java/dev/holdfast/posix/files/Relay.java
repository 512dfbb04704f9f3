package dev.holdfast.posix.files;

import dev.holdfast.posix.Abi;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.Libc;
import dev.holdfast.posix.NativeBuffer;

/**
 * Copies what comes out of a pipe to another descriptor, byte for byte and in the order in which it came. To be driven
 * by a poll loop: {@link #read} when the source is readable, {@link #write} when the target is writable. Neither
 * blocks, also when others have filled the target meanwhile: another relay into the same pipe, say. Not safe for use by
 * many threads.
 */
public final class Relay implements AutoCloseable {
    /** What a pipe holds unless somebody has changed it, pipe(7). */
    private static final int PIPE_CAPACITY = 65_536;

    private static final long READ = Libc.symbol("read");

    private final int source;
    private final int target;
    private final NonBlockingWriter out;
    private final int most;
    private final NativeBuffer buffer;
    private int written;
    private int filled;
    private boolean broken;

    /**
     * A relay that has copied nothing yet.
     *
     * @param source where it comes from; closed with the relay
     * @param target where it goes
     */
    public Relay(int source, int target) {
        this(source, target, Abi.PIPE_BUF);
    }

    private Relay(int source, int target, int most) {
        this.source = source;
        this.target = target;
        this.most = most;
        buffer = NativeBuffer.allocate(most);
        out = new NonBlockingWriter(target);
    }

    /**
     * One that passes nothing on: what it reads is the reader's alone, and there is more of it at a time.
     *
     * @param source where it comes from; closed with the relay
     * @param target where it would go
     * @return the relay; {@link #discard} is to be called after each read
     */
    public static Relay toNobody(int source, int target) {
        return new Relay(source, target, PIPE_CAPACITY);
    }

    /** Passes over what was read. */
    public void discard() {
        written = filled;
    }

    /**
     * Where it comes from.
     *
     * @return the descriptor; -1 when nobody wants it any more
     */
    public int source() {
        return broken ? -1 : source;
    }

    /**
     * Where it goes.
     *
     * @return the descriptor
     */
    public int target() {
        return target;
    }

    /**
     * Whether something was read and not yet written. Nothing more may be read then.
     *
     * @return true when it was
     */
    public boolean hasPending() {
        return written < filled;
    }

    /**
     * Reads once.
     *
     * @return what was read; empty at the end, and when nothing is there and the source does not block
     */
    public byte[] read() {
        int count = (int) Libc.call(READ, source, buffer.address(), most);
        written = 0;
        filled = Math.max(0, count);
        return buffer.getBytes(0, filled);
    }

    /**
     * Writes once. When the reader is gone, the source is closed: the server learns it as it would without a relay.
     *
     * @return false when the target takes nothing now, whatever poll(2) has said of it
     */
    public boolean write() {
        int count = out.write(buffer.address() + written, filled - written);
        if (count >= 0) {
            written += count;
        } else if (count == -Errno.EAGAIN || count == -Errno.EINTR) {
            return false;
        } else {
            filled = 0;
            written = 0;
            broken = true;
            FileDescriptors.close(source);
        }
        return true;
    }

    @Override
    public void close() {
        if (!broken) {
            FileDescriptors.close(source);
        }
        out.close();
        buffer.close();
    }
}
