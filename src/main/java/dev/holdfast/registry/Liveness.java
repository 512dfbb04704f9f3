package dev.holdfast.registry;

import dev.holdfast.lock.LockFileException;
import dev.holdfast.lock.UnsafeLockPathException;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.OpenLockFile;
import dev.holdfast.posix.processes.ProcFs;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.process.PinnedProcess;
import dev.holdfast.process.ProcessIdentity;
import java.util.Optional;

/** Judges whether the instance of a record lives, by its processes and by its lock. Never by the time. */
final class Liveness {
    private final String bootId = ProcFs.bootId();
    private final String machine = Machine.id();
    private final long pidNamespace = ProcFs.pidNamespace(Self.pid()).orElse(0);

    /** What can be told. */
    enum Verdict {
        /** It lives, or nothing proves that it does not. */
        ALIVE,
        /** Its launcher is gone, and its server or what that has started is not. */
        ORPHANED,
        /** Nothing of it is left. */
        GONE,
        /** Its pids mean nothing here. */
        ELSEWHERE
    }

    Verdict of(InstanceRecord record) {
        LockRecord lock = record.lock();
        if (!record.isOfHere(bootId, pidNamespace)) {
            return Machine.isBeforeThisBoot(record, machine, bootId) ? Verdict.GONE : Verdict.ELSEWHERE;
        }
        if (!isSurelyGone(lock.launcher())) {
            return Verdict.ALIVE;
        }
        boolean serverLives =
                lock.server().isPresent() && !isSurelyGone(lock.server().get());
        return serverLives || isLockHeld(record) ? Verdict.ORPHANED : Verdict.GONE;
    }

    /** Doubt means that it lives: of a process that {@code /proc} hides an old kernel tells nothing. */
    private static boolean isSurelyGone(ProcessIdentity recorded) {
        try (PinnedProcess process = PinnedProcess.pin(recorded.pid()).orElse(null)) {
            return process == null || process.identity().isAnotherProcess(recorded);
        }
    }

    /** By this instance, as far as the record in the lock file tells. */
    private static boolean isLockHeld(InstanceRecord record) {
        if (record.lockFile().isEmpty()) {
            return false;
        }
        try (OpenLockFile file = LockFile.at(record.lockFile()).look().orElse(null)) {
            if (file == null || !file.isHeld()) {
                return false;
            }
            Optional<LockRecord> holder = file.record();
            return holder.isPresent() && holder.get().instanceId().equals(record.instanceId());
        } catch (LockFileException | UnsafeLockPathException e) {
            return false; // another user's by now, so not this instance's
        }
    }
}
