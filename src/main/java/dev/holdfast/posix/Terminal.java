package dev.holdfast.posix;

import java.util.OptionalInt;

/** The controlling terminal and its foreground process group, tcsetpgrp(3). Needs TTOU blocked in the calling thread. */
public final class Terminal {
    private static final int TIOCGPGRP = 0x540F;
    private static final int TIOCSPGRP = 0x5410;
    private static final int TCGETS = 0x5401;
    private static final int TERMIOS_SIZE = 128;

    private Terminal() {}

    /**
     * Whether a descriptor is a terminal.
     *
     * @param fd the descriptor
     * @return true when it is
     */
    public static boolean isTerminal(int fd) {
        try (NativeBuffer termios = NativeBuffer.allocate(TERMIOS_SIZE)) {
            return (int) Libc.call(Ioctl.ADDRESS, fd, TCGETS, termios.address()) == 0;
        }
    }

    /**
     * The process group in the foreground of the controlling terminal.
     *
     * @return its id; empty when this process has no terminal
     */
    public static OptionalInt foregroundGroup() {
        int fd = FileDescriptors.open("/dev/tty", FileDescriptors.O_RDWR | FileDescriptors.O_NOCTTY, 0);
        if (fd < 0) {
            return OptionalInt.empty();
        }
        try (NativeBuffer group = NativeBuffer.allocate(8)) {
            return (int) Libc.call(Ioctl.ADDRESS, fd, TIOCGPGRP, group.address()) == 0
                    ? OptionalInt.of(group.getInt(0))
                    : OptionalInt.empty();
        } finally {
            FileDescriptors.close(fd);
        }
    }

    /**
     * Puts a process group of this session into the foreground.
     *
     * @param processGroup its id
     * @return whether that worked
     */
    public static boolean setForegroundGroup(int processGroup) {
        int fd = FileDescriptors.open("/dev/tty", FileDescriptors.O_RDWR | FileDescriptors.O_NOCTTY, 0);
        if (fd < 0) {
            return false;
        }
        try (NativeBuffer group = NativeBuffer.allocate(8)) {
            group.putInt(0, processGroup);
            return (int) Libc.call(Ioctl.ADDRESS, fd, TIOCSPGRP, group.address()) == 0;
        } finally {
            FileDescriptors.close(fd);
        }
    }

    private static final class Ioctl {
        static final long ADDRESS = Libc.symbol("ioctl");
    }
}
