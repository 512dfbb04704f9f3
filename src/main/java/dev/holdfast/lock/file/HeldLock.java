package dev.holdfast.lock.file;

import dev.holdfast.lock.LockFileException;
import dev.holdfast.lock.UnsafeLockPathException;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileLocks;
import dev.holdfast.posix.files.FileNames;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.files.PositionedAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A lock that this process holds, and shares with those who inherit its descriptors.
 *
 * <p>Freed by {@link #release}, or by the kernel when the last sharer is gone. Not safe for use by many threads.
 */
public final class HeldLock {
    private static final long TOUCH_NANOS = 30_000_000_000L;

    private final LockFile location;
    private final int fd;
    private final int socket;
    private final FileStatus file;
    private final Interlock.Result interlock;
    private final boolean hasTwin;
    /** When the file's times are refreshed; not at each look, since that is an event of the file, too. */
    private long touchAt = System.nanoTime();

    private @Nullable OpenLockFile successor;
    private @Nullable LockRecord written;
    private boolean released;
    private boolean isInMemory;
    /** Whether the last holder was killed, or could not remove its socket. */
    private boolean mayHaveDeadSocket;

    HeldLock(
            LockFile location,
            int fd,
            FileStatus file,
            Interlock.Result interlock,
            boolean hasTwin,
            boolean hasOldSocket) {
        this.location = location;
        this.fd = fd;
        this.file = file;
        this.interlock = interlock;
        socket = interlock.socket();
        this.hasTwin = hasTwin;
        mayHaveDeadSocket = hasOldSocket;
    }

    /**
     * A lock on a file in memory, which no path leads to: for an instance that keeps nobody out, where no file can be
     * made.
     *
     * @param location where the file would have been
     * @return the lock; empty where there are no such files either
     */
    public static Optional<HeldLock> inMemory(LockFile location) {
        int fd = FileDescriptors.inMemory(location.fileName());
        if (fd < 0) {
            return Optional.empty();
        }
        Interlock.Result none = new Interlock.Result(Interlock.NONE, false, OptionalInt.empty());
        HeldLock lock = new HeldLock(location, fd, FileStatus.ofDescriptor(fd), none, true, false);
        lock.isInMemory = true;
        return Optional.of(lock);
    }

    /**
     * Whether it is on a file in memory, which no path leads to.
     *
     * @return true for one made by {@link #inMemory}
     */
    public boolean isInMemory() {
        return isInMemory;
    }

    /**
     * What is weaker about this lock than about others, for the user to know.
     *
     * @return whole sentences; none as a rule
     */
    public List<String> weaknesses() {
        List<String> found = new ArrayList<>(2);
        if (interlock.passedOver().isPresent()) {
            found.add("the name of the lock's interlock was taken by a process of uid "
                    + Integer.toUnsignedString(interlock.passedOver().getAsInt())
                    + ", which may not use this folder; it is passed over");
        }
        if (!hasTwin) {
            found.add("the lock file has no second name, since \"" + LockTwin.path(location)
                    + "\" cannot be made; if it is removed, a start in another network namespace may not be refused");
        }
        return found;
    }

    /**
     * Where it is.
     *
     * @return the path's two halves
     */
    public LockFile location() {
        return location;
    }

    /**
     * The descriptor that carries the locks.
     *
     * @return its number
     */
    public int descriptor() {
        return fd;
    }

    /**
     * The descriptor of the file that the path leads to: the same, but after all of the first one's names were lost.
     *
     * @return its number
     */
    public int namedDescriptor() {
        return successor == null ? fd : successor.descriptor();
    }

    /**
     * The file's second name.
     *
     * @return its path; empty when that does not lead to this file
     */
    public Optional<String> secondName() {
        FileStatus ours = successor == null ? file : successor.status();
        return LockTwin.isOf(location, ours) ? Optional.of(LockTwin.path(location)) : Optional.empty();
    }

    /**
     * The descriptor that holds the interlock.
     *
     * @return its number; negative where there is none
     */
    public int interlockDescriptor() {
        return socket;
    }

    /**
     * Whether another start has its turn to take over: it is the one that ends this holder.
     *
     * @return false also where the file system does not tell
     */
    public boolean isBeingTakenOver() {
        try {
            return FileLocks.isByteLockedByOther(namedDescriptor(), OpenLockFile.TURN_BYTE);
        } catch (PosixException e) {
            return false;
        }
    }

    /**
     * What the last holder left in the file. To be asked before {@link #write}.
     *
     * @return how it was left
     */
    public PreviousRecord previous() {
        byte[] block = PositionedAccess.readAt(fd, LockRecordFormat.BLOCK_SIZE);
        if (block.length == 0) {
            return new PreviousRecord(false, Optional.empty());
        }
        mayHaveDeadSocket = true;
        return new PreviousRecord(true, LockRecordFormat.parse(block));
    }

    /** Removes the control socket that a last holder has left. Does nothing when there was none. */
    public void removeDeadSocket() {
        if (mayHaveDeadSocket) {
            mayHaveDeadSocket = false;
            var unused = SocketFile.beside(location).clear();
        }
    }

    /**
     * Writes the record, with one pwrite. Not synced: the lock dies with the kernel, and so may the record.
     *
     * @throws LockFileException if the disk is full or broken
     */
    public void write(LockRecord record) {
        byte[] block = LockRecordFormat.format(record);
        try {
            PositionedAccess.writeAtStart(fd, block);
            if (written == null && file.size() > block.length) {
                PositionedAccess.truncate(fd, block.length);
            }
            if (successor != null) {
                PositionedAccess.writeAtStart(successor.descriptor(), block);
            }
        } catch (PosixException e) {
            throw new LockFileException(location.path(), LockFileException.Action.WRITE, e.errno());
        }
        if (written == null) {
            FileLocks.unlockByte(fd, OpenLockFile.STARTING_BYTE);
        }
        written = record;
    }

    /**
     * Whether the path leads to the locked file, by device and inode. Changes nothing.
     *
     * @return false when the file was removed or replaced, or the lock released
     */
    public boolean isIntact() {
        FileStatus ours = successor == null ? file : successor.status();
        Optional<FileStatus> named = FileStatus.ofName(location.path());
        return !released && (isInMemory || (named.isPresent() && named.get().isSameFile(ours)));
    }

    /**
     * Looks whether the path still leads to the locked file, and puts a locked file there again when it does not. Also
     * refreshes the file's times, since cleaners of temporary folders go by age. To be called now and then.
     *
     * @return what was found
     */
    public LockCheck checkPath() {
        if (isInMemory) {
            return LockCheck.INTACT;
        }
        Optional<FileStatus> named = FileStatus.ofName(location.path());
        FileStatus ours = successor == null ? file : successor.status();
        if (named.isPresent() && named.get().isSameFile(ours)) {
            int held = successor == null ? fd : successor.descriptor();
            if (System.nanoTime() >= touchAt) {
                FileNames.touch(held);
                touchAt = System.nanoTime() + TOUCH_NANOS;
            }
            var unused = LockTwin.make(location, held, ours); // it may have been removed, too
            return LockCheck.INTACT;
        }
        LockTwin.restoreName(location);
        return isIntact() ? LockCheck.RESTORED : restore();
    }

    private LockCheck restore() {
        try {
            OpenLockFile opened = location.open();
            boolean locked = FileLocks.tryFlock(opened.descriptor())
                    && FileLocks.tryByteLock(opened.descriptor(), OpenLockFile.HELD_BYTE);
            if (locked && LockTwin.takesPlaceOf(location, opened.status())) {
                opened.close();
                return isIntact() ? LockCheck.RESTORED : LockCheck.LOST;
            }
            if (!locked || !opened.isStillAtPath()) {
                opened.close();
                return LockCheck.LOST;
            }
            if (successor != null) {
                successor.close();
            }
            successor = opened;
            if (written != null) {
                write(written);
            }
            var unused = LockTwin.make(location, opened.descriptor(), opened.status());
            return LockCheck.RESTORED;
        } catch (UnsafeLockPathException | LockFileException | PosixException e) {
            return LockCheck.UNREPAIRABLE;
        }
    }

    /**
     * Gives the lock back and removes the file. Does nothing the second time.
     *
     * <p>In this order: what a killed holder left, the interlock, while the file still excludes everybody; the name,
     * while it is still locked, so that nobody can lock what is about to vanish; then the locks, explicitly, which also
     * takes them from a leaked descriptor in a process that is not ours any more. A path that leads elsewhere by now is
     * left alone.
     *
     * @param steps is told of each step
     */
    public void release(Steps steps) {
        if (released) {
            return;
        }
        released = true;
        removeDeadSocket();
        if (socket >= 0) {
            FileDescriptors.close(socket);
        }
        steps.reached(Step.RELEASE_INTERLOCK_FREED);
        FileStatus ours = successor == null ? file : successor.status();
        // The second name first: from it, a start would put the first one back.
        LockTwin.remove(location, ours);
        LockTwin.remove(location, file); // of a first file that was moved away
        Optional<FileStatus> named = FileStatus.ofName(location.path());
        // Where no name can be seen, the folder may have become unreadable, and the file still be in it.
        if (named.isEmpty() || (named.get().isSameFile(ours) && FileNames.unlink(location.path()) != 0)) {
            empty();
        }
        steps.reached(Step.RELEASE_UNLINKED);
        FileLocks.unlockByte(fd, OpenLockFile.HELD_BYTE);
        FileLocks.unlockFlock(fd);
        steps.reached(Step.RELEASE_UNLOCKED);
        FileDescriptors.close(fd);
        if (successor != null) {
            successor.close();
        }
    }

    /**
     * A file that is a mount itself (EBUSY), or whose folder became read-only or unreadable, stays: what it says of a
     * holder must not, or the next start would report a crash.
     */
    private void empty() {
        try {
            PositionedAccess.truncate(namedDescriptor(), 0);
        } catch (PosixException e) {
            // The file system is read-only or broken by now: the record stays, and is told as a left-over one.
        }
    }

    /**
     * Lets go of this process's share only: whoever inherited the descriptors holds on, and the file stays. For the
     * case that something of the server's tree cannot be ended.
     */
    public void abandon() {
        if (released) {
            return;
        }
        released = true;
        if (socket >= 0) {
            FileDescriptors.close(socket);
        }
        FileDescriptors.close(fd);
        if (successor != null) {
            successor.close();
        }
    }
}
