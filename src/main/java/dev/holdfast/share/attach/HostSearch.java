package dev.holdfast.share.attach;

import dev.holdfast.instance.HolderContact;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.OpenLockFile;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.Inotify;
import dev.holdfast.posix.signals.SignalQueue;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.waiting.EventWait;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the host of a shared instance and is let in, or has it started when there is none. Of two that are started at once, one
 * gets the lock, and both clients attach to it. One that is stopping is waited for. Not safe for use by many threads.
 */
public final class HostSearch implements AutoCloseable {
    /** What a host that this start has not started may take to listen, or to be gone. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** Between two looks at what no event announces: a socket that is bound, and not yet listened on, or the client's end. */
    private static final Duration LOOK = Duration.ofMillis(20);
    /** The same while a host is there that lets nobody in: it has something else to do. */
    private static final Duration LOOK_AT_BUSY = Duration.ofMillis(100);
    /** Hosts that were refused while nobody had the lock: something that a killed one has left is in the way. */
    private static final int MOST_IN_VAIN = 2;

    private final String name;
    private final LockFile lockFile;
    private final HostProcess.Starter starter;
    private final int refusalCode;
    private final StdioClient client;
    private final SignalQueue signals;
    private final EventWait wait;
    private final Knock knock;
    private final @Nullable Inotify events = open();
    private boolean isFolderWatched;
    private @Nullable HostProcess host;
    /** The pid of the one host that is meant; 0 for any. */
    private int only;

    private boolean isBusy;
    private String refusal = "";
    private int inVain;

    /**
     * A search that has not begun.
     *
     * @param name the instance's
     * @param lockFile where its lock is
     * @param refusalCode what a host ends with that does not get the lock
     */
    public HostSearch(
            String name,
            LockFile lockFile,
            Introduction introduction,
            HostProcess.Starter starter,
            int refusalCode,
            StdioClient client,
            SignalQueue signals,
            EventWait wait) {
        this.name = name;
        this.lockFile = lockFile;
        this.starter = starter;
        this.refusalCode = refusalCode;
        this.client = client;
        this.signals = signals;
        this.wait = wait;
        knock = new Knock(name, lockFile, introduction, wait);
    }

    private static @Nullable Inotify open() {
        try {
            return Inotify.open();
        } catch (PosixException e) {
            return null; // no watches are left: looks must do
        }
    }

    /** What came of it. */
    public sealed interface Result {
        /** This start is a client. */
        record Attached(Attachment attachment) implements Result {}

        /**
         * It will not be.
         *
         * @param text for whoever has started this; empty for that of a conflict with whoever holds the lock
         */
        record Refused(Reason reason, String text) implements Result {}

        /**
         * The host that was started has ended by itself.
         *
         * @param complaints what it has said
         */
        record Failed(ExitStatus end, String complaints) implements Result {}

        /** This start is to end. */
        record Over(Ending ending) implements Result {}
    }

    /**
     * Searches. Blocks for {@link #PATIENCE} at the most, or for as long as a host that it has started lives.
     *
     * @param isForced whether whoever holds the lock is to be ended
     * @throws PosixException if no host can be started
     */
    public Result search(boolean isForced) {
        if (isForced) {
            start();
            only = host == null ? 0 : host.pid();
        }
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Result result = look(deadline);
        while (result == null) {
            await();
            result = look(deadline);
        }
        return result;
    }

    private void start() {
        host = starter.start();
    }

    /** Null while nothing is decided. */
    private @Nullable Result look(long deadline) {
        if (wait.isStopRequested()) {
            return new Result.Over(Ending.SIGNALLED);
        }
        if (client.isOrphaned() || client.hasHungUp()) {
            return new Result.Over(client.isOrphaned() ? Ending.ORPHANED : Ending.CLIENT_LEFT);
        }
        watch(); // before the look: what comes after it is seen
        Reception reception = knock.ask(only, System.nanoTime() + PATIENCE.toNanos());
        if (reception instanceof Reception.LetIn letIn) {
            return new Result.Attached(new Attachment(name, letIn.link(), client, signals.descriptor(), wait));
        }
        if (reception instanceof Reception.Refused refused) {
            return new Result.Refused(refused.reason(), refused.text());
        }
        isBusy = reception instanceof Reception.NotNow;
        Result result = isBusy ? null : nobodyThere();
        boolean isTimeOver = host == null && System.nanoTime() >= deadline && !wait.isStopRequested();
        return result == null && isTimeOver ? tooLate(reception) : result;
    }

    private @Nullable Result nobodyThere() {
        HostProcess started = host;
        if (started == null) {
            return refusal.isEmpty() ? startOne() : afterRefusal();
        }
        started.listen();
        Optional<ExitStatus> end = started.end();
        if (end.isEmpty()) {
            return null;
        }
        started.close();
        host = null;
        if (end.get().shellCode() != refusalCode) {
            return new Result.Failed(end.get(), started.complaints());
        }
        refusal = started.complaints();
        return only == 0 ? null : new Result.Refused(Reason.CONFLICT, refusal);
    }

    private @Nullable Result startOne() {
        start();
        return null;
    }

    /** Whoever was in the way of a host may listen in a moment, or let go. */
    private @Nullable Result afterRefusal() {
        try (OpenLockFile file = lockFile.look().orElse(null)) {
            if (file == null || !file.isHeld()) {
                return ++inVain > MOST_IN_VAIN ? new Result.Refused(Reason.CONFLICT, refusal) : startOne();
            }
            Optional<LockRecord> record = file.record();
            boolean canListen = record.isEmpty() || HolderContact.hasLauncher(record.get());
            return canListen ? null : new Result.Refused(Reason.CONFLICT, refusal);
        }
    }

    private Result tooLate(Reception last) {
        if (last instanceof Reception.NobodyThere) {
            return new Result.Refused(Reason.CONFLICT, refusal);
        }
        boolean isStopping = last instanceof Reception.NotNow notNow && notNow.isStopping();
        return new Result.Refused(
                Reason.STOPPING,
                "cannot attach to \"" + name + "\": its launcher " + (isStopping ? "is stopping" : "does not answer")
                        + ", after " + PATIENCE.toSeconds() + " s"
                        + "\n  what now   try again when it is gone, or start with FORCE_TERMINATE=true to take over");
    }

    private void watch() {
        if (events == null || isFolderWatched) {
            return;
        }
        try {
            var unused = events.watchEntries(lockFile.directory());
            isFolderWatched = true;
        } catch (PosixException e) {
            isFolderWatched = false; // the host will make it
        }
    }

    private void await() {
        int[] ofHost = host == null ? new int[0] : host.descriptors();
        int[] all = new int[ofHost.length + 2];
        System.arraycopy(ofHost, 0, all, 0, ofHost.length);
        all[ofHost.length] = events == null ? -1 : events.descriptor();
        all[ofHost.length + 1] = client.parent();
        var unused = wait.await(System.nanoTime() + (isBusy ? LOOK_AT_BUSY : LOOK).toNanos(), all);
        if (events != null) {
            events.drain();
        }
        if (host != null) {
            host.listen();
        }
    }

    /** The host lives on. */
    @Override
    public void close() {
        if (events != null) {
            events.close();
        }
        if (host != null) {
            host.close();
        }
    }
}
