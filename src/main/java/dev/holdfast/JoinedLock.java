package dev.holdfast;

import dev.holdfast.embed.LaunchReceiver;
import dev.holdfast.error.HoldfastException;
import dev.holdfast.lock.file.LockCheck;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.OpenLockFile;
import dev.holdfast.posix.processes.Self;
import java.util.OptionalLong;

/** The lock is that of the launcher that runs this process as its server: it writes the record, mends and releases. */
final class JoinedLock implements Ownership {
    private final LockFile lockFile;
    private final LockRecord record;

    JoinedLock(LockFile lockFile, LockRecord record) {
        this.lockFile = lockFile;
        this.record = record;
    }

    @Override
    public String instanceId() {
        return record.instanceId();
    }

    /** Empty after {@code --handoff exec}, which leaves none. */
    @Override
    public OptionalLong launcher() {
        int pid = record.launcher().pid();
        return pid == Self.pid() ? OptionalLong.empty() : OptionalLong.of(pid);
    }

    @Override
    public boolean isHeld() {
        try (OpenLockFile file = lockFile.look().orElse(null)) {
            return file != null
                    && file.isHeld()
                    && file.record()
                            .map(found -> found.instanceId().equals(record.instanceId()))
                            .orElse(false);
        } catch (HoldfastException e) {
            return false; // what stands there now is no lock file
        }
    }

    @Override
    public LockCheck check() {
        return isHeld() ? LockCheck.INTACT : LockCheck.LOST;
    }

    /** Never: the launcher looks after that. */
    @Override
    public long fenceAt() {
        return Long.MAX_VALUE;
    }

    @Override
    public String activateBy(LaunchReceiver receiver) {
        return "its launcher takes them, and tells it by \"holdfast run --on-activate\"";
    }

    @Override
    public void stopping() {}

    @Override
    public void release() {}

    @Override
    public void releaseAtExit() {}
}
