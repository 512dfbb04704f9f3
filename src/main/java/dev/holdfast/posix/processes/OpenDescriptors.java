package dev.holdfast.posix.processes;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileStatus;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The open descriptors of a process, as far as {@code /proc} lets this one look: pin the process first. Never blocks.
 * Safe for use by many threads.
 */
public final class OpenDescriptors {
    private OpenDescriptors() {}

    /**
     * The open descriptors of a process.
     *
     * @return their numbers; empty when the process is gone or somebody else's
     */
    public static int[] of(int pid) {
        int[] numbers = NumberedFolder.entries("/proc/" + pid + "/fd");
        String folder = numbers.length > 0 ? null : LivingThread.folderOf(pid);
        return folder == null ? numbers : NumberedFolder.entries(folder + "fd");
    }

    /**
     * The file behind a descriptor of a process.
     *
     * @return its status; empty when either is gone, or the process is somebody else's
     */
    public static Optional<FileStatus> status(int pid, int fd) {
        Optional<FileStatus> status = FileStatus.ofTarget("/proc/" + pid + "/fd/" + fd);
        String folder = status.isPresent() ? null : LivingThread.folderOf(pid);
        return folder == null ? status : FileStatus.ofTarget(folder + "fd/" + fd);
    }

    /**
     * The path of the file behind a descriptor of a process, as that process saw it.
     *
     * @return the path, with {@code " (deleted)"} behind it when that name was removed; empty when either is gone, or the
     *     process is somebody else's
     */
    public static String path(int pid, int fd) {
        String path = ProcFs.link("/proc/" + pid + "/fd/" + fd);
        String folder = path.isEmpty() ? LivingThread.folderOf(pid) : null;
        return folder == null ? path : ProcFs.link(folder + "fd/" + fd);
    }

    /**
     * What the kernel says of a descriptor of a process, with a line for each lock on its open file description.
     *
     * @return the text; empty when either is gone
     */
    public static String info(int pid, int fd) {
        byte[] info = LivingThread.contentsOf(pid, "fdinfo/" + fd);
        return info == null ? "" : new String(info, StandardCharsets.ISO_8859_1);
    }

    /**
     * Opens the file behind a descriptor of a process. The process may have ended since, and another file have its
     * number: compare what was opened.
     *
     * @param flags as of open(2); O_CLOEXEC is added
     * @return the new descriptor, for the caller to close; a negated errno when there is none
     */
    public static int reopen(int pid, int fd, int flags) {
        int opened = FileDescriptors.open("/proc/" + pid + "/fd/" + fd, flags, 0);
        String folder = opened >= 0 ? null : LivingThread.folderOf(pid);
        return folder == null ? opened : FileDescriptors.open(folder + "fd/" + fd, flags, 0);
    }

    /**
     * Why the descriptors of a process cannot be looked at: it is another user's, or its program has more privileges
     * than its user (capabilities of the file, set-user-id).
     *
     * @param pid the process, pinned and alive
     * @return 0 when they can be; {@link Errno#EACCES} or {@link Errno#EPERM}; {@link Errno#ENOENT} when {@code /proc}
     *     hides all of the process (its mount option hidepid); another number when this process has no descriptor left
     */
    public static int lookErrno(int pid) {
        int fd = FileDescriptors.open("/proc/" + pid + "/fd", FileDescriptors.O_RDONLY | FileDescriptors.O_NOCTTY, 0);
        if (fd < 0) {
            return -fd;
        }
        FileDescriptors.close(fd);
        return 0;
    }
}
