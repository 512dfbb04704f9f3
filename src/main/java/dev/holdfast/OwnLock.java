package dev.holdfast;

import dev.holdfast.embed.EmbeddedControl;
import dev.holdfast.embed.EmbeddedRegistration;
import dev.holdfast.embed.LaunchReceiver;
import dev.holdfast.lock.LockFileException;
import dev.holdfast.lock.file.LockCheck;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.Steps;
import dev.holdfast.tenure.Tenure;
import java.io.File;
import java.util.Optional;
import java.util.OptionalLong;

/** The lock was taken by this process. */
final class OwnLock implements Ownership {
    private final Tenure tenure;
    private final Optional<EmbeddedControl> control;
    private final EmbeddedRegistration registration;
    private LockRecord record;
    private boolean released;

    OwnLock(Tenure tenure, LockRecord record, Optional<EmbeddedControl> control, EmbeddedRegistration registration) {
        this.registration = registration;
        this.tenure = tenure;
        this.record = record;
        this.control = control;
    }

    @Override
    public String activateBy(LaunchReceiver receiver) {
        if (control.isEmpty()) {
            return "it was acquired without onConflict(ACTIVATE)";
        }
        control.get().receiveBy(receiver);
        return "";
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
        return !released && tenure.isIntact();
    }

    @Override
    public synchronized LockCheck check() {
        return released ? LockCheck.INTACT : tenure.check();
    }

    @Override
    public synchronized long fenceAt() {
        return released ? Long.MAX_VALUE : tenure.fenceAt();
    }

    /** Not under this lock: a disk may take its time. */
    @Override
    public void beat() {
        LockRecord present;
        synchronized (this) {
            present = record;
        }
        registration.beat(present);
    }

    @Override
    public synchronized void stopping() {
        control.ifPresent(EmbeddedControl::stopping);
        record = record.withState(LockRecord.State.STOPPING);
        try {
            tenure.describe(record);
        } catch (LockFileException e) {
            Log.warn(e.getMessage() + "; the lock is held all the same");
        }
    }

    @Override
    public synchronized void release() {
        if (!released) {
            registration.end();
        }
        released = true;
        control.ifPresent(EmbeddedControl::close);
        tenure.release(Steps.NONE);
    }

    /**
     * The JVM's other shutdown hooks may still be at work: until the last of them is done, this process counts as
     * running. Files marked like this are removed after all hooks; the locks go with the process, and so after the name.
     */
    @Override
    public synchronized void releaseAtExit() {
        registration.end();
        control.ifPresent(EmbeddedControl::close);
        if (!released && tenure.isIntact()) {
            // Removed in the opposite order: the second name first, from which a start would put the first one back.
            tenure.names().forEach(name -> new File(name).deleteOnExit());
        }
    }
}
