package dev.holdfast.posix.signals;

import dev.holdfast.posix.Abi;
import dev.holdfast.posix.Libc;
import dev.holdfast.posix.NativeBuffer;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileDescriptors;
import org.jspecify.annotations.Nullable;

/**
 * The signals that were sent to this process, in the order of their numbers, by signalfd(2).
 *
 * <p>Works only for signals that are blocked in every thread, see {@link Signals#areBlocked}. Not safe for use by many
 * threads.
 */
public final class SignalQueue implements AutoCloseable {

    private final int fd;

    private SignalQueue(int fd) {
        this.fd = fd;
    }

    /**
     * A signal that arrived.
     *
     * @param number which
     * @param fromKernel whether the kernel made it: Ctrl-C and Ctrl-\ on a terminal, a hang-up
     * @param senderPid who sent it; 0 for the kernel and for a sender in another pid namespace
     * @param senderUid the sender's user id
     * @param value what was queued with it; 0 when nothing was
     */
    public record Received(int number, boolean fromKernel, int senderPid, int senderUid, int value) {}

    /**
     * Opens the queue for all signals that the launcher takes.
     *
     * @return the queue; what was sent before, while they were blocked, is in it
     * @throws PosixException if there are no descriptors left
     */
    public static SignalQueue open() {
        try (NativeBuffer set = Signals.taken()) {
            int fd = Libc.checked(
                    Libc.call(Libc.symbol("signalfd"), -1, set.address(), Abi.O_NONBLOCK | Abi.O_CLOEXEC),
                    "signalfd",
                    "");
            return new SignalQueue(fd);
        }
    }

    /**
     * The descriptor to poll.
     *
     * @return its number
     */
    public int descriptor() {
        return fd;
    }

    /**
     * Takes the next signal. Never blocks.
     *
     * @return the signal; null when none is waiting
     */
    public @Nullable Received next() {
        byte[] info = FileDescriptors.read(fd, Abi.SIZEOF_SIGNALFD_SIGINFO);
        if (info.length < Abi.SIZEOF_SIGNALFD_SIGINFO) {
            return null;
        }
        int code = intAt(info, Abi.SIGNALFD_CODE_AT);
        return new Received(
                intAt(info, Abi.SIGNALFD_NUMBER_AT),
                code == Abi.SI_KERNEL,
                intAt(info, Abi.SIGNALFD_PID_AT),
                intAt(info, Abi.SIGNALFD_UID_AT),
                code == Abi.SI_QUEUE ? intAt(info, Abi.SIGNALFD_VALUE_AT) : 0);
    }

    /** Both architectures are little-endian. */
    private static int intAt(byte[] bytes, int offset) {
        return (bytes[offset] & 0xff)
                | ((bytes[offset + 1] & 0xff) << 8)
                | ((bytes[offset + 2] & 0xff) << 16)
                | ((bytes[offset + 3] & 0xff) << 24);
    }

    @Override
    public void close() {
        FileDescriptors.close(fd);
    }
}
