package dev.holdfast.instance;

import dev.holdfast.control.ControlAnswer;
import dev.holdfast.control.Request;
import dev.holdfast.instance.Outcome.Result;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.OpenLockFile;
import dev.holdfast.lock.file.ProvedHolder;
import dev.holdfast.posix.processes.ProcessEnvironment;
import dev.holdfast.posix.processes.SignalDispositions;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.process.PinnedProcess;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.settings.HandOff;
import dev.holdfast.settings.InstanceVariables;
import dev.holdfast.supervise.ReloadCheck;
import dev.holdfast.waiting.EventWait;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lets a server read its configuration again. HUP is the end of a program that has no handler for it, so that is looked
 * at before; and Go programs and JVMs have one in order to end, so the server is watched for a moment afterwards.
 */
final class Reload {
    /** What a server may take to end of the signal. */
    private static final Duration WATCH = Duration.ofSeconds(1);
    /** A launcher has its socket a moment after its server. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** Half a second: what a server without a readable environment, such as one with capabilities, costs here. */
    private static final int MOST_LOOKS = 100;

    private static final long BETWEEN_LOOKS_MILLIS = 5;

    private final OpenLockFile file;

    Reload(OpenLockFile file) {
        this.file = file;
    }

    /**
     * Asks a holder that was proved to be one.
     *
     * @param head the launcher, or the server when there is none
     */
    Outcome ask(ProvedHolder holder, PinnedProcess head, boolean isServerItself) {
        Optional<LockRecord> record = holder.record();
        ProcessIdentity identity = isServerItself
                ? head.identity()
                : record.flatMap(LockRecord::server).orElse(null);
        try (PinnedProcess server = pin(identity)) {
            if (isServerItself && isBecomingServer(head.pid(), record)) {
                return Outcome.refused(new NotDone.Starting(head.pid()));
            }
            boolean isAnswered = isServerItself;
            String obstacle = isServerItself ? obstacle(head.pid(), record) : "";
            if (obstacle.isEmpty()) {
                Optional<ControlAnswer> answer = isServerItself || record.isEmpty()
                        ? Optional.empty()
                        : askLauncher(HolderContact.withLauncher(record.get(), file, new EventWait(null, false)));
                if (answer.isPresent()) {
                    isAnswered = true;
                    obstacle = answer.get().error();
                } else {
                    Optional<Outcome> refusal = send(head, isServerItself);
                    if (refusal.isPresent()) {
                        return refusal.get();
                    }
                }
            }
            if (!obstacle.isEmpty()) {
                return refused(obstacle, record.map(LockRecord::hasLauncher).orElse(false) && !isServerItself);
            }
            if (server != null && server.awaitEnd((int) WATCH.toMillis())) {
                return ended(server.pid());
            }
            return new Outcome(isAnswered ? Result.DONE : Result.ASKED, Optional.empty(), identity == null ? 0 : identity.pid());
        }
    }

    /**
     * A launcher that hands off by exec writes before it that it is the server. A HUP in between would end the server.
     * Unlike a JVM that guards itself, it has no handler for TERM.
     */
    private static boolean isBecomingServer(int pid, Optional<LockRecord> record) {
        if (record.isEmpty() || !record.get().care().handOff().equals(Optional.of(HandOff.EXEC))) {
            return false;
        }
        // In the middle of an exec, while its threads die, a process has no environment, and still the old signal mask.
        EventWait wait = new EventWait(null, false);
        for (int look = 1; !ProcessEnvironment.isReadable(pid) && look < MOST_LOOKS; look++) {
            wait.pause(BETWEEN_LOOKS_MILLIS);
        }
        return lacksItsVariable(pid, record.get())
                && SignalDispositions.of(pid)
                        .map(dispositions -> dispositions.isOnlyBlocked(Signals.TERM))
                        .orElse(false);
    }

    /** Whether it has not been started with the variables of its instance. */
    private static boolean lacksItsVariable(int pid, LockRecord record) {
        return record.launcher().pid() == pid
                && !record.instanceId().isEmpty()
                && ProcessEnvironment.isReadable(pid)
                && !ProcessEnvironment.has(pid, InstanceVariables.ID + "=" + record.instanceId());
    }

    /** Empty also when it is older and knows no such answer: then the private signal does it. */
    private static Optional<ControlAnswer> askLauncher(HolderContact contact) {
        return contact.askPatiently(contact.call(Request.RELOAD, Optional.empty()), PATIENCE);
    }

    private static Optional<Outcome> send(PinnedProcess head, boolean isServerItself) {
        return isServerItself
                ? Carrier.BySignal.refusal(head, head.send(Signals.HUP))
                : new Carrier.BySignal(head).send(Request.RELOAD);
    }

    /** Of a server without a launcher, which gets HUP itself. */
    private static String obstacle(int pid, Optional<LockRecord> record) {
        boolean isEmbedded = record.isPresent() && lacksItsVariable(pid, record.get());
        return isEmbedded
                ? "it guards itself by the library, and a JVM shuts down at SIGHUP"
                : ReloadCheck.obstacle(pid, Signals.HUP);
    }

    private static @Nullable PinnedProcess pin(@Nullable ProcessIdentity identity) {
        if (identity == null) {
            return null;
        }
        PinnedProcess pinned = PinnedProcess.pin(identity.pid()).orElse(null);
        if (pinned != null && !pinned.identity().isSameProcess(identity)) {
            pinned.close();
            return null;
        }
        return pinned;
    }

    /** Asks a holder whose pids count in another pid namespace. */
    Outcome askElsewhere(Carrier.BySocket socket) {
        HolderContact contact = socket.contact();
        Optional<ControlAnswer> answer = contact.askPatiently(contact.call(Request.RELOAD, Optional.empty()));
        if (answer.isEmpty() || answer.get().error().equals(ControlAnswer.OTHER_INSTANCE)) {
            return socket.notDone(Request.RELOAD, answer);
        }
        if (!answer.get().error().isEmpty()) {
            return refused(answer.get().error(), true);
        }
        Optional<ProcessIdentity> before = contact.record().server();
        int pid = before.map(ProcessIdentity::pid).orElse(0);
        boolean hasEnded = contact.awaitRelease(System.nanoTime() + WATCH.toNanos());
        Optional<ProcessIdentity> now = file.record().flatMap(LockRecord::server);
        if (before.isPresent() && now.isPresent()) {
            hasEnded |= !now.get().isSameProcess(before.get());
        } else {
            hasEnded |= before.isPresent();
        }
        return hasEnded ? ended(pid) : Outcome.done(pid);
    }

    /** A launcher starts it anew by the same command, which reads the configuration as well. */
    private static Outcome refused(String obstacle, boolean hasLauncher) {
        return Outcome.refused(new NotDone.NotReloadable(obstacle, hasLauncher));
    }

    private static Outcome ended(int pid) {
        return Outcome.ended(new NotDone.EndedOfReload(pid));
    }
}
