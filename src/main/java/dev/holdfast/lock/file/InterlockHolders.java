package dev.holdfast.lock.file;

import dev.holdfast.posix.FileStatus;
import dev.holdfast.posix.ProcFs;
import dev.holdfast.posix.SocketTables;
import java.util.Optional;
import java.util.OptionalLong;

/** Who holds the interlock of a lock whose file is not theirs any more: for a message only. */
public final class InterlockHolders {
    private InterlockHolders() {}

    /**
     * Looks through all processes for the socket.
     *
     * @param location the lock
     * @return their pids, separated by blanks; empty when none can be seen
     */
    public static String pids(LockFile location) {
        Optional<FileStatus> folder = FileStatus.ofTarget(location.directory());
        OptionalLong inode = folder.isEmpty()
                ? OptionalLong.empty()
                : SocketTables.abstractSocketInode(Interlock.name(folder.get(), location.fileName()));
        if (inode.isEmpty()) {
            return "";
        }
        StringBuilder pids = new StringBuilder();
        for (int pid : ProcFs.pids()) {
            if (hasSocket(pid, inode.getAsLong())) {
                pids.append(pids.isEmpty() ? "" : " ").append(pid);
            }
        }
        return pids.toString();
    }

    private static boolean hasSocket(int pid, long inode) {
        for (int fd : ProcFs.descriptors(pid)) {
            Optional<FileStatus> behind = ProcFs.descriptorStatus(pid, fd);
            if (behind.isPresent()
                    && behind.get().inode() == inode
                    && "socket".equals(behind.get().kind())) {
                return true;
            }
        }
        return false;
    }
}
