package dev.holdfast.lock;

import static dev.holdfast.posix.files.FileDescriptors.O_CREAT;
import static dev.holdfast.posix.files.FileDescriptors.O_EXCL;
import static dev.holdfast.posix.files.FileDescriptors.O_NOCTTY;
import static dev.holdfast.posix.files.FileDescriptors.O_NOFOLLOW;
import static dev.holdfast.posix.files.FileDescriptors.O_NONBLOCK;
import static dev.holdfast.posix.files.FileDescriptors.O_RDONLY;
import static dev.holdfast.posix.files.FileDescriptors.O_RDWR;

import dev.holdfast.lock.UnsafeLockPathException.Reason;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileLocks;
import dev.holdfast.posix.files.FileLocks.ByteRange;
import dev.holdfast.posix.files.FileNames;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.files.NetworkFileSystem;
import dev.holdfast.posix.files.PathIdentity;
import dev.holdfast.posix.processes.OpenDescriptors;
import dev.holdfast.posix.processes.Self;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One open file description of an advisory lock's file or folder: the kernel's side of the lock. Nothing is ever
 * written, truncated, removed or chmodded.
 *
 * <p>Each waiting process holds a <em>ticket</em>: a read lock of this description on one byte far beyond the end of
 * the file. Lower bytes come first, so the tickets are a queue over all processes, without a word in the file; the
 * kernel takes a ticket back when its process dies. Tickets exclude nobody: two processes that drew the same number at
 * one instant race for the flock, and that alone decides. Read locks, since those can be had on folders and on files
 * that may only be read.
 *
 * <p>Nothing here blocks. Everything is called under the monitor of the file's {@link LockQueue}.
 */
final class AdvisoryFile {
    /** The first ticket. So far out that no program that locks parts of its file comes there. */
    private static final long FIRST_TICKET = 1L << 62;

    private static final int FLAGS = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
    /** As flock(1) makes it: who may lock is for the umask to say. */
    private static final int MODE = 0666;
    /** Somebody may make and remove the file all the time; then give up rather than go round for ever. */
    private static final int MOST_TRIES = 10_000;

    private final Path path;
    private final int fd;
    private final FileStatus opened;
    private final PathIdentity named;
    private final FileLocks.RangeQuery ranges;
    private final LockQueue queue;
    private int holds;
    private boolean retired;
    private boolean closed;

    private AdvisoryFile(Path path, byte[] name, int fd, FileStatus opened) {
        this.path = path;
        this.fd = fd;
        this.opened = opened;
        named = new PathIdentity(name, opened);
        ranges = new FileLocks.RangeQuery(fd);
        queue = LockQueue.join(opened);
    }

    /** What came of a try. */
    enum Answer {
        /** The lock is held now. */
        GRANTED,
        /** Somebody else holds it, or is before us. */
        HELD,
        /** The path leads to another file by now, or to none. */
        REPLACED
    }

    /**
     * Opens what stands at a path, or makes a file there.
     *
     * @param path absolute
     * @param folder whether only a folder will do, which is never made
     * @param network whether it may be on a network file system
     * @throws UnsafeLockPathException if it is neither a file nor a folder, or on a network file system
     * @throws LockFileException if it cannot be opened or made
     */
    static AdvisoryFile open(Path path, boolean folder, NetworkLocks network) {
        byte[] name = FileNames.bytes(path);
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            refuseSpecialFile(path, FileStatus.ofName(name));
            // O_CREAT only together with O_EXCL: with fs.protected_regular the kernel refuses O_CREAT on an existing
            // file of somebody else in a sticky folder.
            int descriptor = FileDescriptors.open(name, FLAGS, 0);
            if (descriptor == -Errno.ENOENT && !folder) {
                // Before anything is made.
                if (network == NetworkLocks.REFUSE) {
                    refuseNetwork(path, NetworkFileSystem.of(String.valueOf(path.getParent())));
                }
                descriptor = FileDescriptors.open(name, FLAGS | O_CREAT | O_EXCL, MODE);
                if (descriptor == -Errno.EEXIST) {
                    continue;
                }
            }
            if (descriptor < 0) {
                refuseSpecialFile(path, FileStatus.ofName(name)); // a link that was put there meanwhile: ELOOP
                throw new LockFileException(path.toString(), LockFileException.Action.OPEN, -descriptor);
            }
            descriptor = network == NetworkLocks.ALLOW ? forNetwork(descriptor, name) : descriptor;
            FileStatus status = FileStatus.ofDescriptor(descriptor);
            try {
                if (network == NetworkLocks.REFUSE) {
                    refuseNetwork(path, NetworkFileSystem.ofDescriptor(descriptor));
                }
                refuseSpecialFile(path, Optional.of(status));
                return new AdvisoryFile(path, name, descriptor, status);
            } catch (UnsafeLockPathException e) {
                FileDescriptors.close(descriptor);
                throw e;
            }
        }
        throw new LockFileException(path.toString(), LockFileException.Action.OPEN, Errno.EAGAIN);
    }

    private static void refuseNetwork(Path path, String fileSystem) {
        if (!fileSystem.isEmpty()) {
            throw new UnsafeLockPathException(path.toString(), Reason.NETWORK_FILE_SYSTEM, fileSystem);
        }
    }

    /** NFS makes a write lock of an exclusive flock(2), and that needs a descriptor that is open for writing. */
    private static int forNetwork(int descriptor, byte[] name) {
        int writable = NetworkFileSystem.ofDescriptor(descriptor).isEmpty()
                ? -1
                : FileDescriptors.open(name, FLAGS | O_RDWR, 0);
        if (writable < 0) {
            return descriptor; // a folder, or a file that may only be read
        }
        FileDescriptors.close(descriptor);
        return writable;
    }

    /**
     * Before opening, too: to open a FIFO lets whoever waits at its other end go on, and to open a device may start
     * something.
     */
    private static void refuseSpecialFile(Path path, Optional<FileStatus> status) {
        if (status.isPresent() && !status.get().isRegular() && !status.get().isDirectory()) {
            throw new UnsafeLockPathException(
                    path.toString(),
                    Reason.NEITHER_FILE_NOR_FOLDER,
                    status.get().kind());
        }
    }

    LockQueue queue() {
        return queue;
    }

    FileStatus status() {
        return opened;
    }

    int descriptor() {
        return fd;
    }

    /**
     * Tries for the lock, and looks whether the path still leads here. Several holds in shared mode share one lock of
     * the kernel's.
     *
     * @throws LockFileException if the file system has no locks
     */
    Answer tryLock(LockMode mode) {
        if (retired) {
            return Answer.REPLACED;
        }
        boolean locked = holds > 0 || tryFlock(mode);
        if (!isStillAtPath()) {
            if (locked && holds == 0) {
                FileLocks.unlockFlock(fd);
            }
            return Answer.REPLACED;
        }
        if (!locked) {
            return Answer.HELD;
        }
        holds++;
        return Answer.GRANTED;
    }

    private boolean tryFlock(LockMode mode) {
        try {
            return mode == LockMode.SHARED ? FileLocks.trySharedFlock(fd) : FileLocks.tryFlock(fd);
        } catch (PosixException e) {
            throw new LockFileException(path.toString(), LockFileException.Action.LOCK, e.errno());
        }
    }

    /**
     * Gives one hold back.
     *
     * @return whether it was the last, so that the lock is free now, for all who share the description
     */
    boolean unlock() {
        holds--;
        if (holds > 0) {
            return false;
        }
        FileLocks.unlockFlock(fd);
        closeIfDone();
        return true;
    }

    /**
     * Turns the only hold from exclusive into shared.
     *
     * @return false when somebody else came in between; then there is no hold any more
     */
    boolean downgrade() {
        boolean kept = tryFlock(LockMode.SHARED);
        if (!kept) {
            holds--;
            closeIfDone();
        }
        return kept;
    }

    /** Whether the path still leads to this file. */
    boolean isStillAtPath() {
        return named.holds();
    }

    /** Whether the kernel still has a lock on this description: a sharer of it may have unlocked it. */
    boolean isLocked() {
        return OpenDescriptors.info(Self.pid(), fd).contains("FLOCK");
    }

    /**
     * Draws a ticket behind all others.
     *
     * @return the ticket; -1 when there is none to be had, since a program locks the whole file with its record locks
     */
    long drawTicket() {
        long ticket = FIRST_TICKET;
        for (ByteRange other = ticketOfOther(ticket, 0); other != null; other = ticketOfOther(ticket, 0)) {
            ticket = other.start() + other.length();
        }
        return FileLocks.tryReadByteLock(fd, ticket) ? ticket : -1;
    }

    /** Gives a ticket back. */
    void returnTicket(long ticket) {
        if (!closed) {
            FileLocks.unlockByte(fd, ticket);
        }
    }

    /** Whether no other process holds a lower ticket. */
    boolean isFirst(long ticket) {
        return ticket == FIRST_TICKET || ticketOfOther(FIRST_TICKET, ticket - FIRST_TICKET) == null;
    }

    /** Whether somebody waits through another description, in this process or another one. */
    boolean areOthersWaiting() {
        return ticketOfOther(FIRST_TICKET, 0) != null;
    }

    /** A lock on the whole file is no ticket. */
    private @Nullable ByteRange ticketOfOther(long start, long length) {
        ByteRange other = ranges.lockOfOther(start, length);
        return other == null || other.start() < FIRST_TICKET ? null : other;
    }

    /** Makes the event that waiting processes listen for: close(2) makes it by itself, an unlock does not. */
    void wakeOthers() {
        int second = FileDescriptors.open("/proc/self/fd/" + fd, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
        if (second >= 0) {
            FileDescriptors.close(second);
        }
    }

    boolean isClosed() {
        return closed;
    }

    boolean isRetired() {
        return retired;
    }

    /** Lets nobody lock through it any more, and closes it when its last hold is over. */
    void retire() {
        retired = true;
        closeIfDone();
    }

    private void closeIfDone() {
        if (retired && holds == 0 && !closed) {
            closed = true;
            FileDescriptors.close(fd);
            named.close();
            ranges.close();
            queue.leave();
        }
    }
}
