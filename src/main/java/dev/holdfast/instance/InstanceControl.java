package dev.holdfast.instance;

import dev.holdfast.control.ControlAnswer;
import dev.holdfast.control.ControlCall;
import dev.holdfast.control.ControlRequest;
import dev.holdfast.lock.file.HolderSearch;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.OpenLockFile;
import dev.holdfast.lock.file.ProvedHolder;
import dev.holdfast.posix.processes.ProcFs;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.process.Delivery;
import dev.holdfast.process.PinnedProcess;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.process.SignalRefusal;
import dev.holdfast.waiting.EventWait;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Asks a running launcher for something. Only who was proved to hold the lock is asked. */
public final class InstanceControl {
    /** How often the record is looked at while the server comes back. */
    private static final int LOOK_MILLIS = 20;

    private final String name;
    private final LockFile lockFile;
    private final ConflictMessage message;

    /**
     * Nothing asked yet.
     *
     * @param name the instance
     * @param lockFile where its lock is
     */
    public InstanceControl(String name, LockFile lockFile) {
        this.name = name;
        this.lockFile = lockFile;
        message = new ConflictMessage(name, lockFile);
    }

    /** What came of it. */
    public enum Result {
        /** It was done. */
        DONE,
        /** Its launcher was asked, and nobody knows what came of it: there is no control socket to answer by. */
        ASKED,
        /** It does not run. */
        NOT_RUNNING,
        /** It cannot be asked. */
        REFUSED,
        /** It is another user's. */
        FOREIGN,
        /** It ended over it. */
        ENDED
    }

    /**
     * A result with words.
     *
     * @param result what came of it
     * @param message why it was not done; empty for {@link Result#DONE}, {@link Result#ASKED} and {@link Result#NOT_RUNNING}
     * @param serverPid the server that runs now; 0 when that is not known
     */
    public record Outcome(Result result, String message, int serverPid) {
        static Outcome of(Result result, String message) {
            return new Outcome(result, message, 0);
        }
    }

    /**
     * Lets the launcher stop its server gracefully and start it again. Blocks until the new one runs and, where its
     * readiness was asked for, is ready, or until the launcher has ended.
     *
     * @return what came of it
     * @throws dev.holdfast.lock.UnsafeLockPathException if the lock path cannot be trusted
     * @throws dev.holdfast.lock.LockFileException if the file may not be opened
     */
    public Outcome restart() {
        return ask(ControlRequest.RESTART);
    }

    /**
     * Lets the server read its configuration again: it gets HUP, or what HUP is rewritten to, unless it would die of that
     * or not notice. Blocks for a second, to see that it lives on.
     *
     * @return what came of it; {@link Result#ENDED} also when the server ended and is started again
     * @throws dev.holdfast.lock.UnsafeLockPathException if the lock path cannot be trusted
     * @throws dev.holdfast.lock.LockFileException if the file may not be opened
     */
    public Outcome reload() {
        return ask(ControlRequest.RELOAD);
    }

    private Outcome ask(ControlRequest request) {
        ProcFs.require();
        try (OpenLockFile file = lockFile.look().orElse(null)) {
            if (file == null) {
                return lockFile.isHeldUnseen()
                        ? Outcome.of(Result.REFUSED, message.ofLost(verb(request)))
                        : Outcome.of(Result.NOT_RUNNING, "");
            }
            if (file.status().owner() != Self.effectiveUser()) {
                return Outcome.of(
                        Result.FOREIGN,
                        message.ofForeign(verb(request), file.status().owner()));
            }
            try (ProvedHolder holder = HolderLookup.find(file, new HolderSearch(file))) {
                return holder == null ? Outcome.of(Result.NOT_RUNNING, "") : ask(request, file, holder);
            }
        }
    }

    private Outcome ask(ControlRequest request, OpenLockFile file, ProvedHolder holder) {
        if (holder instanceof ProvedHolder.Unverifiable unverifiable) {
            Optional<HolderContact> contact =
                    HolderContact.with(holder, file, new EventWait(null, false)).filter(HolderContact::hasLauncher);
            return contact.isPresent()
                    ? askElsewhere(request, file, unverifiable, contact.get())
                    : Outcome.of(Result.REFUSED, message.of(Refusal.ofStart(Incumbent.of(unverifiable))));
        }
        PinnedProcess head = holder.proved().get(0);
        Optional<ProcessIdentity> server = holder.record().flatMap(LockRecord::server);
        boolean isOrphan = holder instanceof ProvedHolder.Orphan;
        boolean hasLauncher =
                !isOrphan && holder.record().map(LockRecord::hasLauncher).orElse(false);
        boolean isServerItself = server.isPresent() && server.get().pid() == head.pid();
        if (request == ControlRequest.RESTART && (isOrphan || isServerItself)) {
            return Outcome.of(
                    Result.REFUSED,
                    "cannot restart \"" + name + "\": it runs without a launcher, pid " + head.pid()
                            + "\n  what now   " + InstanceHint.command("stop", name, lockFile)
                            + "      and start it again");
        }
        if (!hasLauncher && !isServerItself) {
            // It may become its server at any moment, which would die of the private signal. What holds the lock beside
            // an ended instance's record may be the next start, which would take a HUP for a stop request.
            return isOrphan ? notItsServer(head.pid()) : starting(name, verb(request), head.pid());
        }
        if (request == ControlRequest.RELOAD) {
            return new Reload(name, file, message).ask(holder, head, isServerItself);
        }
        Delivery delivery = head.queue(ControlRequest.SIGNAL, request.value());
        if (delivery != Delivery.SENT) {
            return notDelivered(name, head, delivery);
        }
        return awaitNewServer(file, () -> head.awaitEnd(LOOK_MILLIS), server);
    }

    static Outcome starting(String name, String verb, int pid) {
        return Outcome.of(
                Result.REFUSED,
                "cannot " + verb + " \"" + name + "\": it is just starting, pid " + pid
                        + "\n  what now   try again in a moment");
    }

    private Outcome notItsServer(int pid) {
        return Outcome.of(
                Result.REFUSED,
                "cannot reload \"" + name + "\": its server has ended; pid " + pid
                        + ", which holds the lock, is something that it left, or the next start"
                        + "\n  what now   try again in a moment");
    }

    private static String verb(ControlRequest request) {
        return request == ControlRequest.RESTART ? "restart" : "reload";
    }

    static Outcome notDelivered(String name, PinnedProcess process, Delivery delivery) {
        return delivery == Delivery.GONE || process.hasEnded()
                ? Outcome.of(Result.ENDED, "\"" + name + "\" has ended")
                : Outcome.of(Result.REFUSED, "cannot signal \"" + name + "\": " + SignalRefusal.text(process.pid()));
    }

    /** By the control socket, since the launcher's pid counts in another pid namespace. */
    private Outcome askElsewhere(
            ControlRequest request, OpenLockFile file, ProvedHolder.Unverifiable holder, HolderContact contact) {
        if (request == ControlRequest.RELOAD) {
            return new Reload(name, file, message).askElsewhere(holder, contact);
        }
        Optional<ControlAnswer> answer = contact.askPatiently(contact.call(ControlCall.Verb.RESTART, Optional.empty()));
        if (answer.isEmpty() || !answer.get().error().isEmpty()) {
            return notDone(message, holder, contact, ControlCall.Verb.RESTART, answer);
        }
        return awaitNewServer(
                file,
                () -> contact.awaitRelease(System.nanoTime() + LOOK_MILLIS * 1_000_000L),
                contact.record().server());
    }

    static Outcome notDone(
            ConflictMessage message,
            ProvedHolder.Unverifiable holder,
            HolderContact contact,
            ControlCall.Verb asked,
            Optional<ControlAnswer> answer) {
        Obstacle obstacle =
                answer.isPresent() ? new Obstacle.Declined(asked, answer.get().error()) : contact.noAnswer(asked);
        return Outcome.of(
                Result.REFUSED,
                message.of(Refusal.ofStart(Incumbent.of(holder))) + "\n  not done   "
                        + ObstacleText.withFlags(obstacle));
    }

    /**
     * Waits for another server in the record.
     *
     * @param endsSoon waits a little, and says whether the launcher has ended
     */
    private Outcome awaitNewServer(OpenLockFile file, BooleanSupplier endsSoon, Optional<ProcessIdentity> before) {
        while (!endsSoon.getAsBoolean()) {
            Optional<LockRecord> record = file.record();
            Optional<ProcessIdentity> now = record.flatMap(LockRecord::server);
            boolean isNew = now.isPresent() && (before.isEmpty() || !now.get().isSameProcess(before.get()));
            if (isNew && isUp(record.get().state())) {
                return new Outcome(Result.DONE, "", now.get().pid());
            }
        }
        return Outcome.of(
                Result.ENDED,
                "\"" + name + "\" ended instead of being started again\n  look       its log, for the reason");
    }

    private static boolean isUp(LockRecord.State state) {
        return state == LockRecord.State.RUNNING || state == LockRecord.State.READY;
    }
}
