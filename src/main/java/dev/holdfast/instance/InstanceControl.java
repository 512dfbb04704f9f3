package dev.holdfast.instance;

import dev.holdfast.control.ControlAnswer;
import dev.holdfast.control.Request;
import dev.holdfast.instance.Outcome.Result;
import dev.holdfast.lock.file.HolderSearch;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.OpenLockFile;
import dev.holdfast.lock.file.ProvedHolder;
import dev.holdfast.posix.processes.ProcFs;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.process.PinnedProcess;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.waiting.EventWait;
import java.util.Optional;

/** Asks a running launcher for something. Only who was proved to hold the lock is asked. */
public final class InstanceControl {
    /** How often the record is looked at while the server comes back. */
    private static final int LOOK_MILLIS = 20;
    /** How long a launcher has to tell whether its command is there. */
    private static final long ASK_NANOS = 1_000_000_000;

    private final LockFile lockFile;

    /**
     * Nothing asked yet.
     *
     * @param lockFile where the instance's lock is
     */
    public InstanceControl(LockFile lockFile) {
        this.lockFile = lockFile;
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
        return ask(Request.RESTART);
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
        return ask(Request.RELOAD);
    }

    private Outcome ask(Request request) {
        ProcFs.require();
        try (OpenLockFile file = lockFile.look().orElse(null)) {
            if (file == null) {
                return lockFile.isHeldUnseen() ? Outcome.refused(new NotDone.Lost()) : Outcome.of(Result.NOT_RUNNING);
            }
            if (file.status().owner() != Self.effectiveUser()) {
                return Outcome.foreign(file.status().owner());
            }
            try (ProvedHolder holder = HolderLookup.find(file, new HolderSearch(file))) {
                return holder == null ? Outcome.of(Result.NOT_RUNNING) : ask(request, file, holder);
            }
        }
    }

    private Outcome ask(Request request, OpenLockFile file, ProvedHolder holder) {
        if (holder instanceof ProvedHolder.Unverifiable unverifiable) {
            Optional<HolderContact> contact =
                    HolderContact.with(holder, file, new EventWait(null, false)).filter(HolderContact::hasLauncher);
            return contact.isPresent()
                    ? askElsewhere(request, file, unverifiable, contact.get())
                    : Outcome.refused(new NotDone.InTheWay(Refusal.ofStart(Incumbent.of(unverifiable))));
        }
        PinnedProcess head = holder.proved().get(0);
        LockRecord record = holder.record().orElse(null);
        Optional<ProcessIdentity> server = record == null ? Optional.empty() : record.server();
        boolean isOrphan = holder instanceof ProvedHolder.Orphan;
        boolean hasLauncher = !isOrphan && record != null && record.hasLauncher();
        boolean isServerItself = server.isPresent() && server.get().pid() == head.pid();
        if (request == Request.RESTART && (isOrphan || isServerItself)) {
            return Outcome.refused(new NotDone.WithoutLauncher(head.pid()));
        }
        if (!hasLauncher && !isServerItself) {
            // It may become its server at any moment, which would die of the private signal. What holds the lock beside
            // an ended instance's record may be the next start, which would take a HUP for a stop request.
            return Outcome.refused(isOrphan ? new NotDone.ServerOver(head.pid()) : new NotDone.Starting(head.pid()));
        }
        if (request == Request.RELOAD) {
            Carrier carrier = isServerItself
                    ? new HangUp(head, holder.record())
                    : new Carrier.ByEither(
                            HolderContact.withLauncher(holder.record().orElseThrow(), file, new EventWait(null, false)),
                            new Carrier.BySignal(head));
            return Reload.ask(carrier, isServerItself ? head.identity() : server.orElse(null));
        }
        if (head.isStopped()) {
            return Outcome.refused(new NotDone.Stopped(head.pid()));
        }
        Optional<Outcome> obstacle = obstacleToStart(holder, file);
        return obstacle.isPresent() ? obstacle.get() : restart(new Carrier.BySignal(head), file, server);
    }

    /** A server whose command or folder is gone would only be stopped. An older launcher, or one without a socket, is not asked. */
    private static Optional<Outcome> obstacleToStart(ProvedHolder holder, OpenLockFile file) {
        if (holder.record().isEmpty()) {
            return Optional.empty();
        }
        return obstacleToStart(HolderContact.withLauncher(holder.record().get(), file, new EventWait(null, false)));
    }

    private static Optional<Outcome> obstacleToStart(HolderContact contact) {
        Optional<ControlAnswer> answer =
                contact.ask(contact.call(Request.STARTABLE, Optional.empty()), System.nanoTime() + ASK_NANOS);
        String why = answer.isEmpty() ? "" : answer.get().error();
        if (why.equals(ControlAnswer.OUT_OF_REACH)) {
            return Optional.of(Outcome.refused(new NotDone.OutOfReach(why)));
        }
        return why.equals(ControlAnswer.NO_COMMAND) || why.equals(ControlAnswer.NO_CONTEXT)
                ? Optional.of(Outcome.refused(new NotDone.NotStartable(why)))
                : Optional.empty();
    }

    /** By the control socket, since the launcher's pid counts in another pid namespace. */
    private Outcome askElsewhere(
            Request request, OpenLockFile file, ProvedHolder.Unverifiable holder, HolderContact contact) {
        Carrier.BySocket socket = new Carrier.BySocket(Incumbent.of(holder), contact);
        return request == Request.RELOAD
                ? Reload.askElsewhere(socket, file)
                : obstacleToStart(contact)
                        .orElseGet(() -> restart(socket, file, contact.record().server()));
    }

    private Outcome restart(Carrier carrier, OpenLockFile file, Optional<ProcessIdentity> before) {
        Outcome sent = carrier.send(Request.RESTART);
        return sent.isTaken() ? awaitNewServer(file, carrier, before) : sent;
    }

    /** Waits for another server in the record, or for the launcher's end. */
    private Outcome awaitNewServer(OpenLockFile file, Carrier carrier, Optional<ProcessIdentity> before) {
        while (!carrier.awaitEnd(LOOK_MILLIS)) {
            Optional<LockRecord> record = file.record();
            Optional<ProcessIdentity> now =
                    record.isEmpty() ? Optional.empty() : record.get().server();
            boolean isNew = now.isPresent() && (before.isEmpty() || !now.get().isSameProcess(before.get()));
            if (isNew && isUp(record.get().state())) {
                return Outcome.done(now.get().pid());
            }
        }
        return Outcome.ended(new NotDone.EndedOfRestart());
    }

    private static boolean isUp(LockRecord.State state) {
        return state == LockRecord.State.RUNNING || state == LockRecord.State.READY;
    }
}
