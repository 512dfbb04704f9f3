package dev.holdfast.guard;

import dev.holdfast.instance.Refusal;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.waiting.EventWait;

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

    /** Another instance is in the way, and stays. */
    record Refused(Refusal refusal) implements GuardOutcome {}

    /**
     * Another instance holds the lock, and that is fine.
     *
     * @param holderPid who holds it; 0 when that could not be proved
     */
    record Skipped(int holderPid) implements GuardOutcome {}

    /**
     * Another instance holds the lock, and has taken this launch's arguments.
     *
     * @param code its answer
     */
    record Activated(int code) implements GuardOutcome {}

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
