package dev.holdfast.instance;

import dev.holdfast.control.ControlAnswer;
import dev.holdfast.control.Request;
import dev.holdfast.lock.file.HolderSearch;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.OpenLockFile;
import dev.holdfast.lock.file.ProvedHolder;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.waiting.EventWait;
import java.util.Optional;

/** Asks a running launcher whether it runs what somebody else would start. Only who was proved to hold the lock is asked. */
public final class InstanceComparison {
    private InstanceComparison() {}

    /** What it is. */
    public enum Result {
        /** The same command, in the same folder and version. */
        SAME,
        /** Another one, or one that cannot be asked. */
        OTHER,
        /** Nobody holds the lock. */
        NOT_RUNNING
    }

    /**
     * Asks. Blocks while the launcher has no socket yet, as long as a stop of it may take.
     *
     * @param lockFile where its lock is
     * @param digest of the command that would be started
     * @return what it is
     * @throws dev.holdfast.lock.UnsafeLockPathException if the lock path cannot be trusted
     * @throws dev.holdfast.lock.LockFileException if the file may not be opened
     */
    public static Result compare(LockFile lockFile, String digest) {
        try (OpenLockFile file = lockFile.look().orElse(null)) {
            if (file == null) {
                return lockFile.isHeldUnseen() ? Result.OTHER : Result.NOT_RUNNING;
            }
            if (file.status().owner() != Self.effectiveUser()) {
                return file.isHeld() ? Result.OTHER : Result.NOT_RUNNING;
            }
            try (ProvedHolder holder = HolderLookup.find(file, new HolderSearch(file))) {
                return holder == null ? Result.NOT_RUNNING : compare(file, holder, digest);
            }
        }
    }

    private static Result compare(OpenLockFile file, ProvedHolder holder, String digest) {
        Optional<LockRecord> record = holder.record();
        boolean isAsked = !(holder instanceof ProvedHolder.Orphan) && record.isPresent();
        if (!isAsked) {
            return Result.OTHER;
        }
        HolderContact contact = HolderContact.withLauncher(record.get(), file, new EventWait(null, false));
        if (!contact.hasLauncher()) {
            return Result.OTHER;
        }
        Optional<ControlAnswer> answer = contact.askPatiently(
                contact.call(Request.SAME, Optional.empty()).about(digest));
        if (answer.isEmpty()) {
            return file.isHeld() ? Result.OTHER : Result.NOT_RUNNING;
        }
        return answer.get().error().isEmpty() ? Result.SAME : Result.OTHER;
    }
}
