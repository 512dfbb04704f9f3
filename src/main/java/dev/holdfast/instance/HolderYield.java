package dev.holdfast.instance;

import dev.holdfast.control.ControlAnswer;
import dev.holdfast.control.ControlCall;
import dev.holdfast.journal.Journal;
import dev.holdfast.lock.file.HeldLock;
import dev.holdfast.lock.file.LockAttempt;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.LockWait;
import dev.holdfast.lock.file.OpenLockFile;
import dev.holdfast.lock.file.Steps;
import dev.holdfast.text.Durations;
import dev.holdfast.waiting.EventWait;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A takeover from a holder in another pid namespace: it is asked to yield, and stops its own server as it would for a
 * TERM. Nobody is signalled, so a holder that does not answer stays.
 */
public final class HolderYield {
    private final OpenLockFile file;
    private final HolderContact contact;
    private final EventWait wait;
    private final Journal journal;

    /**
     * A request that was not made yet.
     *
     * @param contact with the holder
     * @param file its lock file, open
     * @param wait ends at a stop request
     * @param journal is told who is asked
     */
    public HolderYield(HolderContact contact, OpenLockFile file, EventWait wait, Journal journal) {
        this.contact = contact;
        this.file = file;
        this.wait = wait;
        this.journal = journal;
    }

    /** What came of it. */
    public sealed interface Result {
        /** It is over, and the lock is ours. */
        record Acquired(HeldLock lock) implements Result {}

        /** There is no such holder any more; somebody else may be it. */
        record Gone() implements Result {}

        /** A stop request came. */
        record Interrupted() implements Result {}

        /** The holder stays. */
        record Refused(String why) implements Result {}
    }

    /** Asks, and waits for the end. Blocks for twice the holder's grace and some seconds at the most. */
    public Result ask(Steps steps) {
        LockRecord record = contact.record();
        Duration patience = contact.patience();
        journal.open();
        journal.info("asking \"" + record.name() + "\" to yield host=" + record.host() + " pid="
                + record.launcher().pid() + " instance=" + record.instanceId() + " grace="
                + Durations.text(Duration.ofMillis(record.graceMillis()))
                + " reason=forced");
        Optional<ControlAnswer> answer = contact.askPatiently(contact.call(ControlCall.Verb.YIELD, Optional.empty()));
        if (wait.isStopRequested()) {
            return new Result.Interrupted();
        }
        if (answer.isEmpty()) {
            return contact.isStillThere()
                    ? refused("there was no answer by " + contact.socketPath(), patience)
                    : new Result.Gone();
        }
        if (answer.get().error().equals(ControlAnswer.OTHER_INSTANCE)) {
            return new Result.Gone();
        }
        if (!answer.get().error().isEmpty()) {
            return new Result.Refused(
                    "it was asked to yield and refused: " + answer.get().error());
        }
        return await(contact.timeToStop(answer.get(), Optional.empty()), steps);
    }

    private Result await(Duration time, Steps steps) {
        @Nullable LockAttempt attempt = new LockWait(wait, steps).await(file, System.nanoTime() + time.toNanos());
        if (attempt instanceof LockAttempt.Acquired acquired) {
            file.returnTakeoverTurn();
            return new Result.Acquired(acquired.lock());
        }
        if (attempt != null) {
            return new Result.Gone();
        }
        return wait.isStopRequested() ? new Result.Interrupted() : refused("it has not ended", time);
    }

    private static Result refused(String what, Duration time) {
        return new Result.Refused("it was asked to yield, and " + what + " within " + Durations.text(time));
    }
}
