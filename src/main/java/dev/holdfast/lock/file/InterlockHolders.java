package dev.holdfast.lock.file;

import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.processes.OpenDescriptors;
import dev.holdfast.posix.processes.ProcessList;
import dev.holdfast.posix.sockets.SocketTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Which processes hold the interlock of a lock. No proof of anything: a name in this space is anybody's. */
public final class InterlockHolders {
    private InterlockHolders() {}

    /**
     * Looks through all processes for the socket.
     *
     * @return their pids, separated by blanks; empty when none can be seen
     */
    public static String pids(LockFile location) {
        StringBuilder text = new StringBuilder();
        for (int pid : of(location)) {
            text.append(text.isEmpty() ? "" : " ").append(pid);
        }
        return text.toString();
    }

    /**
     * The lock files of a folder whose interlock somebody has, whether they are there or not. Without those with long
     * names.
     *
     * @return names of files, or of none: anybody can take such a name
     */
    public static Set<String> fileNames(String directory) {
        Optional<FileStatus> folder = FileStatus.ofTarget(directory);
        return folder.isPresent() ? SocketTables.abstractSocketNames(Interlock.prefix(folder.get())) : Set.of();
    }

    static List<Integer> of(LockFile location) {
        OptionalLong inode = Interlock.inode(location);
        List<Integer> pids = new ArrayList<>();
        if (inode.isPresent()) {
            for (int pid : ProcessList.pids()) {
                if (hasSocket(pid, inode.getAsLong())) {
                    pids.add(pid);
                }
            }
        }
        return pids;
    }

    private static boolean hasSocket(int pid, long inode) {
        for (int fd : OpenDescriptors.of(pid)) {
            Optional<FileStatus> behind = OpenDescriptors.status(pid, fd);
            if (behind.isPresent()
                    && behind.get().inode() == inode
                    && "socket".equals(behind.get().kind())) {
                return true;
            }
        }
        return false;
    }
}
