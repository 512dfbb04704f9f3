package dev.holdfast;

import dev.holdfast.lock.LockFileException;
import dev.holdfast.lock.file.HeldLock;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.Steps;
import java.io.File;
import java.util.OptionalLong;

/** The lock was taken by this process. */
final class OwnLock implements Ownership {
    private final HeldLock lock;
    private LockRecord record;
    private boolean released;

    OwnLock(HeldLock lock, LockRecord record) {
        this.lock = lock;
        this.record = record;
    }

    @Override
    public synchronized String instanceId() {
        return record.instanceId();
    }

    @Override
    public OptionalLong launcher() {
        return OptionalLong.empty();
    }

    @Override
    public synchronized boolean isHeld() {
        return !released && lock.isIntact();
    }

    @Override
    public synchronized HeldLock.PathState check() {
        return released ? HeldLock.PathState.INTACT : lock.checkPath();
    }

    @Override
    public synchronized void stopping() {
        record = record.withState(LockRecord.State.STOPPING);
        try {
            lock.write(record);
        } catch (LockFileException e) {
            Log.warn(e.getMessage() + "; the lock is held all the same");
        }
    }

    @Override
    public synchronized void release() {
        released = true;
        lock.release(Steps.NONE);
    }

    /**
     * The JVM's other shutdown hooks may still be at work: until the last of them is done, this process counts as
     * running. Files marked like this are removed after all hooks; the locks go with the process, and so after the name.
     */
    @Override
    public synchronized void releaseAtExit() {
        if (!released && lock.isIntact()) {
            // Removed in the opposite order: the second name first, from which a start would put the first one back.
            new File(lock.location().path()).deleteOnExit();
            lock.secondName().ifPresent(name -> new File(name).deleteOnExit());
        }
    }
}
