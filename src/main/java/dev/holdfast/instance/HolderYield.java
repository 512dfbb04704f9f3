package dev.holdfast.instance;

import dev.holdfast.control.ControlAnswer;
import dev.holdfast.control.Request;
import dev.holdfast.journal.Journal;
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

    /** Asks, and waits for the end. Blocks for twice the holder's grace and some seconds at the most. */
    public Ending ask(Steps steps) {
        LockRecord record = contact.record();
        journal.open();
        journal.info("asking \"" + record.name() + "\" to yield host=" + record.host() + " pid="
                + record.launcher().pid() + " instance=" + record.instanceId() + " grace="
                + Durations.text(Duration.ofMillis(record.graceMillis()))
                + " reason=forced");
        Optional<ControlAnswer> answer = contact.askPatiently(contact.call(Request.YIELD, Optional.empty()));
        if (wait.isStopRequested()) {
            return new Ending.Interrupted();
        }
        if (answer.isEmpty()) {
            return contact.isStillThere() ? new Ending.Stays(contact.noAnswer(Request.YIELD)) : new Ending.Gone();
        }
        if (answer.get().error().equals(ControlAnswer.OTHER_INSTANCE)) {
            return new Ending.Gone();
        }
        if (!answer.get().error().isEmpty()) {
            return new Ending.Stays(
                    new Obstacle.Declined(Request.YIELD, answer.get().error()));
        }
        return await(contact.timeToStop(answer.get(), Optional.empty()), steps);
    }

    private Ending await(Duration time, Steps steps) {
        @Nullable LockAttempt attempt = new LockWait(wait, steps).await(file, System.nanoTime() + time.toNanos());
        if (attempt instanceof LockAttempt.Acquired acquired) {
            file.returnTakeoverTurn();
            return new Ending.Acquired(acquired.lock());
        }
        if (attempt != null) {
            return new Ending.Gone();
        }
        return wait.isStopRequested()
                ? new Ending.Interrupted()
                : new Ending.Stays(new Obstacle.Unfinished(Request.YIELD, time));
    }
}
