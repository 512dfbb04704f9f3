package dev.holdfast.lock.file;

import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.processes.Accounts;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.sockets.AbstractSocket;
import dev.holdfast.posix.sockets.SocketOwner;
import dev.holdfast.posix.sockets.SocketTables;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.zip.CRC32;

/**
 * The second interlock: an abstract socket whose name is made of the lock folder's device and inode and the file name.
 *
 * <p>Not of the path: containers that share a network namespace but not the folder are different locks, and a bind
 * mount of the same folder is the same lock. A cleaner that removes the lock file of a living holder cannot remove
 * this.
 */
final class Interlock {
    /** Stands for "sockets cannot be had here" in {@link HeldLock}. */
    static final int NONE = -1;

    /** The number of a socket that is in no table: no socket has it. */
    private static final long UNKNOWN_INODE = 0;

    private static final int LONGEST_FILE_NAME_IN_NAME = 60;
    private static final int GROUP_MAY_WRITE = 020;
    private static final int OTHERS_MAY_WRITE = 02;

    private Interlock() {}

    /**
     * Takes the interlock of a lock file.
     *
     * @return its descriptor; none where this process may have no such socket (a seccomp profile, a kernel without Unix
     *     sockets), since the file's own locks are still there; or that another process has it
     */
    static Result take(LockFile location) {
        FileStatus folder = FileStatus.ofTarget(location.directory()).orElse(null);
        if (folder == null) {
            return new Result(NONE, false, OptionalInt.empty());
        }
        String name = name(folder, location.fileName());
        try {
            OptionalInt socket = AbstractSocket.bind(name);
            return socket.isPresent()
                    ? new Result(socket.getAsInt(), false, OptionalInt.empty())
                    : ofOther(folder, holderOf(name));
        } catch (PosixException e) {
            return new Result(NONE, false, OptionalInt.empty());
        }
    }

    /**
     * What came of it.
     *
     * @param socket its descriptor; {@link #NONE} for none
     * @param isHeldByOther whether another process has it
     * @param passedOver the user who has taken the name and may not hold this lock; empty when nobody has
     */
    record Result(int socket, boolean isHeldByOther, OptionalInt passedOver) {}

    /**
     * Anybody in the network namespace can take the name; a holder is somebody who may make files in the lock's folder.
     */
    private static Result ofOther(FileStatus folder, Optional<Holder> holder) {
        OptionalInt owner = holder.isPresent() ? holder.get().owner() : OptionalInt.empty();
        boolean isStranger = isStranger(folder, owner);
        return new Result(NONE, !isStranger, isStranger ? owner : OptionalInt.empty());
    }

    private static boolean isStranger(FileStatus folder, OptionalInt owner) {
        return owner.isPresent() && !mayWrite(folder, owner.getAsInt());
    }

    /** Takes a name that stands for no lock, and gives it back. */
    static void rehearse(LockFile location) {
        FileStatus folder = FileStatus.ofTarget(location.directory()).orElse(null);
        if (folder != null) {
            try {
                OptionalInt socket = AbstractSocket.bind("rehearsal-" + name(folder, location.fileName()));
                if (socket.isPresent()) {
                    FileDescriptors.close(socket.getAsInt());
                }
            } catch (PosixException e) {
                // as where sockets are forbidden
            }
        }
    }

    /** The socket of whoever has the interlock and may have it. Takes nothing. */
    static OptionalLong inode(LockFile location) {
        FileStatus folder = FileStatus.ofTarget(location.directory()).orElse(null);
        if (folder == null) {
            return OptionalLong.empty();
        }
        Optional<Holder> holder = holderOf(name(folder, location.fileName()));
        boolean counts = holder.isPresent() && !isStranger(folder, holder.get().owner());
        return counts ? OptionalLong.of(holder.get().inode()) : OptionalLong.empty();
    }

    /** By its permissions. */
    private static boolean mayWrite(FileStatus folder, int user) {
        return user == 0
                || user == folder.owner()
                || user == Self.effectiveUser()
                || (folder.permissions() & OTHERS_MAY_WRITE) != 0
                || ((folder.permissions() & GROUP_MAY_WRITE) != 0 && mayBeIn(folder.group(), user));
    }

    /** By the user database. Who is not listed there may be in any group, and so may anybody when nobody can look. */
    private static boolean mayBeIn(int group, int user) {
        try {
            Optional<Accounts.Account> account = Accounts.numbered(user);
            if (account.isEmpty()) {
                return true;
            }
            for (int id : Accounts.groupsOf(account.get().name(), account.get().group())) {
                if (id == group) {
                    return true;
                }
            }
            return false;
        } catch (PosixException e) {
            return true;
        }
    }

    /** A socket that has a name, and its owner; without an owner when that cannot be told. */
    private record Holder(long inode, OptionalInt owner) {}

    /** Empty when the socket has gone meanwhile. */
    private static Optional<Holder> holderOf(String name) {
        List<Long> inodes = SocketTables.abstractSocketInodes(name);
        for (long inode : inodes) {
            OptionalInt owner = SocketOwner.of(inode, name);
            if (owner.isPresent()) {
                return Optional.of(new Holder(inode, owner));
            }
        }
        if (inodes.isEmpty()) {
            // A sandbox may show an empty table, or none.
            return AbstractSocket.isTaken(name)
                    ? Optional.of(new Holder(UNKNOWN_INODE, OptionalInt.empty()))
                    : Optional.empty();
        }
        return SocketOwner.isTold() ? Optional.empty() : Optional.of(new Holder(inodes.get(0), OptionalInt.empty()));
    }

    /** A long file name is cut, and told apart by a checksum: bind(2) takes 107 bytes. */
    static String name(FileStatus folder, String fileName) {
        String shown = fileName;
        if (fileName.length() > LONGEST_FILE_NAME_IN_NAME || !isAscii(fileName)) {
            CRC32 checksum = new CRC32();
            checksum.update(fileName.getBytes(StandardCharsets.UTF_8));
            shown = Long.toHexString(checksum.getValue());
        }
        return prefix(folder) + shown;
    }

    /** How the names of all interlocks of a folder begin. */
    static String prefix(FileStatus folder) {
        return "holdfast:" + Long.toHexString(folder.device()) + ":" + Long.toHexString(folder.inode()) + ":";
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 127) {
                return false;
            }
        }
        return true;
    }
}
