package dev.holdfast.posix.processes;

import dev.holdfast.posix.Libc;
import dev.holdfast.posix.NativeBuffer;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.PositionedAccess;
import java.nio.charset.StandardCharsets;

/**
 * What a whole process has and a child inherits: working directory, file mode creation mask, and how willingly the
 * kernel kills it when memory runs out. Not safe for use by many threads.
 */
public final class ProcessAttributes {
    private static final String OOM_SCORE = "/proc/self/oom_score_adj";

    private ProcessAttributes() {}

    /**
     * Changes the working directory, chdir(2), with the calling thread's permissions.
     *
     * @param folder the new one
     * @return 0, or the error number
     */
    public static int changeFolder(String folder) {
        try (NativeBuffer path = NativeBuffer.cString(folder)) {
            return (int) Libc.call(Libc.symbol("chdir"), path.address()) == 0 ? 0 : Libc.errno();
        }
    }

    /**
     * A descriptor of the working directory, to come back to it.
     *
     * @return the descriptor, or the negated error number
     */
    public static int openFolder() {
        return FileDescriptors.open(".", FileDescriptors.O_PATH, 0);
    }

    /**
     * Changes the working directory back, fchdir(2).
     *
     * @param fd from {@link #openFolder}
     * @throws PosixException if it cannot be
     */
    public static void returnToFolder(int fd) {
        Libc.checked(Libc.call(Libc.symbol("fchdir"), fd), "fchdir", "fd " + fd);
    }

    /**
     * Sets the file mode creation mask, umask(2).
     *
     * @param mask the new one
     * @return the old one
     */
    public static int setUmask(int mask) {
        return (int) Libc.call(Libc.symbol("umask"), mask);
    }

    /**
     * How willingly the kernel kills this process when memory runs out, proc_pid_oom_score_adj(5).
     *
     * @return -1000 to 1000
     */
    public static int oomScoreAdjustment() {
        return Integer.parseInt(new String(ProcFs.bytes(OOM_SCORE), StandardCharsets.ISO_8859_1).trim());
    }

    /**
     * Sets it. A process may always go back to what it had.
     *
     * @param value -1000 to 1000
     * @return 0, or the error number: EACCES without CAP_SYS_RESOURCE, when it is lower than it was
     */
    public static int setOomScoreAdjustment(int value) {
        int fd = FileDescriptors.open(OOM_SCORE, FileDescriptors.O_WRONLY, 0);
        if (fd < 0) {
            return -fd;
        }
        try {
            PositionedAccess.writeAtStart(fd, Integer.toString(value).getBytes(StandardCharsets.ISO_8859_1));
            return 0;
        } catch (PosixException e) {
            return e.errno();
        } finally {
            FileDescriptors.close(fd);
        }
    }
}
