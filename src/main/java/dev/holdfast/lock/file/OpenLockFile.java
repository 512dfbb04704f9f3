package dev.holdfast.lock.file;

import dev.holdfast.lock.LockFileException;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileLocks;
import dev.holdfast.posix.files.FileNames;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.files.PositionedAccess;
import java.util.Arrays;
import java.util.Optional;

/**
 * A lock file that is open and was checked, and that this process does not hold (yet).
 *
 * <p>Stays open while this process waits: closing a descriptor that was open for writing wakes all other waiters. Not
 * safe for use by many threads.
 */
public final class OpenLockFile implements AutoCloseable {
    /** The byte whose lock means "held". The JDK's FileLock on the whole file conflicts with it, too. */
    static final long HELD_BYTE = 0;
    /** The byte whose lock means "whose turn it is to take over". */
    static final long TURN_BYTE = 1;
    /**
     * The byte whose lock means "held, but the record is still the last holder's". Without it, a launcher between its
     * lock and its first pwrite, which can take long on a busy machine, looks like a server that outlived the launcher
     * of a stale record, and a forced start would end it. Not next to another one: adjacent locks are shown as one.
     */
    static final long STARTING_BYTE = 3;

    private static final int STABLE_READS = 10;

    private final LockFile location;
    private final int fd;
    private final FileStatus opened;
    private boolean closed;

    OpenLockFile(LockFile location, int fd, FileStatus opened) {
        this.location = location;
        this.fd = fd;
        this.opened = opened;
    }

    /**
     * Where it is.
     *
     * @return the path's two halves
     */
    public LockFile location() {
        return location;
    }

    /** The file, as it was when it was opened. */
    public FileStatus status() {
        return opened;
    }

    /**
     * The descriptor, for waiting on.
     *
     * @return its number
     */
    public int descriptor() {
        return fd;
    }

    /**
     * Tries once to lock this very file. Never blocks. Unless it is held by another, the file is used up: it is part of
     * the lock, or closed.
     *
     * @param steps is told of each step
     * @return the lock; or that it is held, interlocked, or no longer what the path names
     * @throws LockFileException if the file system has no locks
     */
    public LockAttempt tryLock(Steps steps) {
        try {
            if (!FileLocks.tryFlock(fd)) {
                return new LockAttempt.Held(this);
            }
            // First, so that nobody is ever seen to hold the lock without it before the record is written.
            if (!FileLocks.tryByteLock(fd, STARTING_BYTE)) {
                FileLocks.unlockFlock(fd);
                return new LockAttempt.Held(this);
            }
            if (!FileLocks.tryByteLock(fd, HELD_BYTE)) {
                FileLocks.unlockByte(fd, STARTING_BYTE);
                FileLocks.unlockFlock(fd);
                return new LockAttempt.Held(this);
            }
        } catch (PosixException e) {
            close();
            throw new LockFileException(location.path(), LockFileException.Action.LOCK, e.errno());
        }
        steps.reached(Step.ACQUIRE_LOCKED);
        if (!isLockable()) {
            close();
            return new LockAttempt.Replaced();
        }
        steps.reached(Step.ACQUIRE_VERIFIED);
        if (LockFile.hasChangedMode(opened)) {
            // A file system that refuses it, since all modes are the mount's, has said who may use it in its own way.
            var unused = FileDescriptors.restrictToOwner(fd);
        }
        if (LockTwin.takesPlaceOf(location, opened)) {
            close();
            return new LockAttempt.Replaced();
        }
        return interlock(steps);
    }

    private LockAttempt interlock(Steps steps) {
        Interlock.Result interlock = Interlock.take(location);
        boolean hasOldSocket = opened.size() == 0 && location.hasSocketOfThisUser();
        if (interlock.isHeldByOther() || (hasOldSocket && isHeldInAnotherNetwork())) {
            if (interlock.socket() != Interlock.NONE) {
                FileDescriptors.close(interlock.socket());
            }
            return interlocked();
        }
        steps.reached(Step.ACQUIRE_INTERLOCKED);
        int errno = LockTwin.make(location, fd, opened);
        if (errno == Errno.EBUSY) {
            FileDescriptors.close(interlock.socket());
            return interlocked();
        }
        if (errno == Errno.EEXIST || errno == Errno.ENOENT) {
            // A cleaner removed the name meanwhile, and another start, maybe elsewhere, holds the file that counts.
            FileDescriptors.close(interlock.socket());
            close();
            return new LockAttempt.Replaced();
        }
        closed = true;
        return new LockAttempt.Acquired(new HeldLock(location, fd, opened, interlock, errno == 0, hasOldSocket));
    }

    /** Most likely we made this file a moment ago, where the holder's had been. Nobody else can lock it now. */
    private LockAttempt interlocked() {
        if (isEmpty()) {
            FileNames.unlink(location.path());
        }
        close();
        return new LockAttempt.Interlocked();
    }

    /**
     * Whether a server without a launcher has this lock on a file that has lost both of its names, in a network
     * namespace where the interlock does not reach. Asked only where the file was just made though a socket is left: a
     * clean start pays for one look at a name.
     */
    private boolean isHeldInAnotherNetwork() {
        return LostFile.isHeldByAnybody(location);
    }

    /**
     * Whether the path still leads to this file; where the path has lost it, its second name.
     *
     * @return false when it was unlinked or replaced
     */
    public boolean isStillAtPath() {
        Optional<FileStatus> named = FileStatus.ofName(location.path());
        return named.isPresent() ? named.get().isSameFile(opened) : LockTwin.isOf(location, opened);
    }

    /** As {@link #isStillAtPath}, but a second name counts only where it is the last one: the first is put back from it. */
    private boolean isLockable() {
        Optional<FileStatus> named = FileStatus.ofName(location.path());
        Optional<FileStatus> file = named.isPresent() ? named : LockTwin.status(location);
        return file.isPresent() && file.get().isSameFile(opened);
    }

    /**
     * Whether all of its names were removed, and it is known by who has it open only.
     *
     * @return true when no path leads to it
     */
    public boolean isNameless() {
        return FileStatus.ofDescriptor(fd).links() == 0 && opened.links() == 0;
    }

    /**
     * Whether somebody holds one of the two locks; flock(1) takes only the first, and lockf(3) only the second. Keeps
     * nothing.
     *
     * @return true when one is held
     */
    public boolean isHeld() {
        return FileLocks.isByteLockedByOther(fd, HELD_BYTE) || FileLocks.isFlockedByOther(fd);
    }

    /**
     * Whether somebody holds both of the two locks. Keeps nothing.
     *
     * @return true when both are held
     */
    public boolean isHeldInBothWays() {
        return FileLocks.isByteLockedByOther(fd, HELD_BYTE) && FileLocks.isFlockedByOther(fd);
    }

    /**
     * What the file says of its holder, or of its last one.
     *
     * @return the record; empty when there is none, or none that can be read
     */
    public Optional<LockRecord> record() {
        byte[] block = stableBlock();
        return block.length == 0 ? Optional.empty() : LockRecordFormat.parse(block);
    }

    /**
     * Whether the file has any content.
     *
     * @return true when it is empty
     */
    public boolean isEmpty() {
        return FileStatus.ofDescriptor(fd).size() == 0;
    }

    /** Read until twice the same: pwrite replaces a block in one call, but a read may see half of it. */
    private byte[] stableBlock() {
        byte[] block = PositionedAccess.readAt(fd, LockRecordFormat.BLOCK_SIZE);
        for (int i = 1; i < STABLE_READS; i++) {
            byte[] again = PositionedAccess.readAt(fd, LockRecordFormat.BLOCK_SIZE);
            if (Arrays.equals(block, again)) {
                break;
            }
            block = again;
        }
        return block;
    }

    /**
     * Tries to become the one process that may take the lock over. Never blocks. Freed by closing the file.
     *
     * @return whether it is this one's turn
     * @throws LockFileException if the file system has no locks
     */
    public boolean tryTakeoverTurn() {
        try {
            return FileLocks.tryByteLock(fd, TURN_BYTE);
        } catch (PosixException e) {
            throw new LockFileException(location.path(), LockFileException.Action.LOCK, e.errno());
        }
    }

    /** Lets others have their turn. For a file that has become a held lock, whose descriptor stays open. */
    public void returnTakeoverTurn() {
        FileLocks.unlockByte(fd, TURN_BYTE);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            FileDescriptors.close(fd);
        }
    }
}
