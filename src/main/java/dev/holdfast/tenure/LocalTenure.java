package dev.holdfast.tenure;

import dev.holdfast.lock.file.HeldLock;
import dev.holdfast.lock.file.LockCheck;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.PreviousRecord;
import dev.holdfast.lock.file.Steps;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The lock on this machine: its kernel keeps others out, for as long as any process has the descriptors. */
public final class LocalTenure implements Tenure {
    private final HeldLock lock;

    /** Takes charge of a lock that was taken. */
    public LocalTenure(HeldLock lock) {
        this.lock = lock;
    }

    /** One without a path, that keeps nobody out; empty where the kernel has no files in memory. */
    public static Optional<Tenure> inMemory(LockFile location) {
        return HeldLock.inMemory(location).map(LocalTenure::new);
    }

    @Override
    public LockFile location() {
        return lock.location();
    }

    @Override
    public boolean hasPath() {
        return !lock.isInMemory();
    }

    @Override
    public boolean isIntact() {
        return lock.isIntact();
    }

    @Override
    public LockCheck check() {
        return lock.checkPath();
    }

    /** Never: the kernel keeps the lock for us. */
    @Override
    public long fenceAt() {
        return Long.MAX_VALUE;
    }

    @Override
    public PreviousRecord previous() {
        return lock.previous();
    }

    @Override
    public void describe(LockRecord record) {
        lock.write(record);
    }

    @Override
    public List<String> weaknesses() {
        List<String> lines = new ArrayList<>(2);
        for (String weakness : lock.weaknesses()) {
            lines.add(weakness + " file=" + location().path());
        }
        if (hasPath() && location().isFolderOpenToAll()) {
            lines.add("lock folder is writable by all and not sticky: anybody can replace the lock file folder="
                    + location().directory() + " remedy=\"chmod +t\"");
        }
        return lines;
    }

    /** Unlike the locks, the interlock cannot be freed for others while any process has it. */
    @Override
    public int[] inherited(boolean isLastOfTree) {
        return isLastOfTree && lock.interlockDescriptor() >= 0
                ? new int[] {lock.descriptor(), lock.interlockDescriptor()}
                : new int[] {lock.descriptor()};
    }

    @Override
    public int watchedDescriptor() {
        return lock.namedDescriptor();
    }

    @Override
    public boolean isBeingTakenOver() {
        return lock.isBeingTakenOver();
    }

    @Override
    public List<String> names() {
        return lock.secondName()
                .map(second -> List.of(location().path(), second))
                .orElseGet(() -> List.of(location().path()));
    }

    @Override
    public void becomeServers() {
        lock.removeDeadSocket();
    }

    @Override
    public void release(Steps steps) {
        lock.release(steps);
    }

    @Override
    public void abandon() {
        lock.abandon();
    }
}
