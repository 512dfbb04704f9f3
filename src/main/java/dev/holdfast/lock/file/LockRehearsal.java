package dev.holdfast.lock.file;

import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileStatus;
import java.util.OptionalInt;

/**
 * The taking of a lock as far as nobody else can see it, for a start that waits for one: what has run before is quicker.
 * Never blocks. Not safe for use by many threads.
 */
public final class LockRehearsal {
    private LockRehearsal() {}

    /**
     * Tries to lock a file in memory, which no path leads to, and asks what a start asks about the names beside it. Makes
     * nothing in the folder, and keeps nothing.
     *
     * @param location where no lock file is
     */
    public static void run(LockFile location) {
        int fd = FileDescriptors.inMemory(location.fileName());
        if (fd < 0) {
            return;
        }
        FileStatus file = FileStatus.ofDescriptor(fd);
        Interlock.rehearse(location);
        Interlock.Result none = new Interlock.Result(Interlock.NONE, false, OptionalInt.empty());
        boolean hasNeighbours = LockTwin.takesPlaceOf(location, file) || location.hasSocketOfThisUser();
        var unusedLock = new LockAttempt.Acquired(new HeldLock(location, fd, file, none, hasNeighbours, hasNeighbours));
        // Not what the path leads to: the last thing that is looked at, and the file is closed.
        var unusedAttempt = new OpenLockFile(location, fd, file).tryLock(Steps.NONE);
    }
}
