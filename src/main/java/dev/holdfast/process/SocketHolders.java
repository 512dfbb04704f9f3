package dev.holdfast.process;

import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.processes.OpenDescriptors;
import dev.holdfast.posix.processes.ProcFs;
import dev.holdfast.posix.processes.ProcessList;
import java.util.Set;

/** Which processes have a socket open, by its inode, as far as {@code /proc} shows it. Safe for use by many threads. */
public final class SocketHolders {
    private SocketHolders() {}

    /**
     * Whether one of a process's descriptors is one of these sockets.
     *
     * @param descriptors its descriptors, as {@link OpenDescriptors#of} tells them
     * @param sockets inodes
     */
    public static boolean hasOneOf(int pid, int[] descriptors, Set<Long> sockets) {
        for (int fd : descriptors) {
            FileStatus behind = OpenDescriptors.status(pid, fd).orElse(null);
            if (behind != null && behind.kind().equals("socket") && sockets.contains(behind.inode())) {
                return true;
            }
        }
        return false;
    }

    /**
     * A process that has one of these sockets, for a message. Looks through all processes.
     *
     * @param sockets inodes, at least one
     * @return its pid and name, or that it cannot be seen
     */
    public static String describe(Set<Long> sockets) {
        for (int pid : ProcessList.pids()) {
            if (hasOneOf(pid, OpenDescriptors.of(pid), sockets)) {
                return "pid " + pid + " (\"" + ProcFs.name(pid) + "\")";
            }
        }
        return "a process that cannot be seen from here (another user's, or another container's)";
    }
}
