package dev.holdfast.posix.files;

import dev.holdfast.posix.Abi;
import dev.holdfast.posix.Libc;
import dev.holdfast.posix.NativeBuffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The controlling terminal with its foreground process group and its settings, tcsetpgrp(3) and tty_ioctl(4). Needs
 * TTOU blocked in the calling thread.
 */
public final class Terminal {
    /** More than the kernel's struct termios, which it writes and reads here. */
    private static final int TERMIOS_SIZE = 128;

    private Terminal() {}

    /**
     * The process group in the foreground of the controlling terminal.
     *
     * @return its id; empty when this process has no terminal
     */
    public static OptionalInt foregroundGroup() {
        byte[] group = control(Abi.TIOCGPGRP, new byte[Integer.BYTES]);
        return group == null
                ? OptionalInt.empty()
                : OptionalInt.of(
                        ByteBuffer.wrap(group).order(ByteOrder.nativeOrder()).getInt());
    }

    /**
     * Puts a process group of this session into the foreground.
     *
     * @param processGroup its id
     * @return whether that worked
     */
    public static boolean setForegroundGroup(int processGroup) {
        byte[] group = ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(processGroup)
                .array();
        return control(Abi.TIOCSPGRP, group) != null;
    }

    /**
     * The settings of the controlling terminal, as stty(1) shows them.
     *
     * @return an opaque copy; empty when this process has no terminal
     */
    public static Optional<byte[]> settings() {
        return Optional.ofNullable(control(Abi.TCGETS, new byte[TERMIOS_SIZE]));
    }

    /**
     * Puts settings back, once what was written has been shown.
     *
     * @param settings as {@link #settings} gave them
     */
    public static void restore(byte[] settings) {
        var unused = control(Abi.TCSETSW, settings.clone());
    }

    /**
     * How wide the terminal behind a descriptor is.
     *
     * @param fd such as that of stdout
     * @return columns; empty when it is no terminal, or one that does not know its size
     */
    public static OptionalInt columns(int fd) {
        return size(fd, Abi.WINSIZE_COLUMNS_AT);
    }

    /**
     * How high it is.
     *
     * @param fd such as that of stdout
     * @return rows; empty when it is no terminal, or one that does not know its size
     */
    public static OptionalInt rows(int fd) {
        return size(fd, 0); // the first field of struct winsize
    }

    /** Whether a descriptor is a terminal, also one that does not know its size. */
    public static boolean isOne(int fd) {
        try (NativeBuffer memory = NativeBuffer.allocate(Abi.SIZEOF_WINSIZE)) {
            return (int) Libc.call(Ioctl.ADDRESS, fd, Abi.TIOCGWINSZ, memory.address()) == 0;
        }
    }

    private static OptionalInt size(int fd, int at) {
        try (NativeBuffer memory = NativeBuffer.allocate(Abi.SIZEOF_WINSIZE)) {
            boolean isTerminal = (int) Libc.call(Ioctl.ADDRESS, fd, Abi.TIOCGWINSZ, memory.address()) == 0;
            int size = isTerminal
                    ? ByteBuffer.wrap(memory.getBytes(0, Abi.SIZEOF_WINSIZE))
                            .order(ByteOrder.nativeOrder())
                            .getShort(at)
                    : 0;
            return size > 0 ? OptionalInt.of(size) : OptionalInt.empty();
        }
    }

    /** ioctl(2) on the controlling terminal; what the kernel left in the argument, or null. */
    private static byte @Nullable [] control(int request, byte[] argument) {
        int fd = FileDescriptors.open("/dev/tty", FileDescriptors.O_RDWR | FileDescriptors.O_NOCTTY, 0);
        if (fd < 0) {
            return null;
        }
        try (NativeBuffer memory = NativeBuffer.allocate(argument.length)) {
            memory.putBytes(0, argument);
            boolean done = (int) Libc.call(Ioctl.ADDRESS, fd, request, memory.address()) == 0;
            return done ? memory.getBytes(0, argument.length) : null;
        } finally {
            FileDescriptors.close(fd);
        }
    }

    private static final class Ioctl {
        static final long ADDRESS = Libc.symbol("ioctl");
    }
}
