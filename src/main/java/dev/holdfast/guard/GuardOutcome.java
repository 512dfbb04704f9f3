package dev.holdfast.guard;

import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.waiting.EventWait;
import java.util.Optional;

/** How a guarded start ended. */
public sealed interface GuardOutcome {
    /**
     * The server ran and ended.
     *
     * @param status how
     * @param failed whether it failed whatever its status is: it never became ready, or fell silent
     * @param ofInterruptKey whether it died of the terminal's Ctrl-C
     */
    record Ended(ExitStatus status, boolean failed, boolean ofInterruptKey) implements GuardOutcome {}

    /**
     * Another instance holds the lock, and stays.
     *
     * @param message who, and what can be done; several lines
     * @param holderPid who holds it; 0 when that could not be proved
     * @param record what the lock file says of the holder; empty when it cannot be read
     * @param reason why nothing was proved, or why nobody was ended though it was asked for; half a sentence, or empty
     */
    record Refused(String message, int holderPid, Optional<LockRecord> record, String reason) implements GuardOutcome {}

    /**
     * Another instance holds the lock, and that is fine.
     *
     * @param holderPid who holds it; 0 when that could not be proved
     */
    record Skipped(int holderPid) implements GuardOutcome {}

    /**
     * The command before the server's start failed, so there was none.
     *
     * @param message what happened; one line
     */
    record NotPrepared(String message) implements GuardOutcome {}

    /**
     * A stop request came before the server was started.
     *
     * @param signal its number
     * @param ofInterruptKey whether it was the terminal's Ctrl-C
     */
    record Interrupted(int signal, boolean ofInterruptKey) implements GuardOutcome {
        static Interrupted by(EventWait wait) {
            return new Interrupted(wait.stopSignal(), wait.isInterruptKey());
        }
    }
}
