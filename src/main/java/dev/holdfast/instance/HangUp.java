package dev.holdfast.instance;

import dev.holdfast.control.ReloadObstacle;
import dev.holdfast.control.Request;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.posix.processes.ProcessEnvironment;
import dev.holdfast.posix.processes.SignalDispositions;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.process.PinnedProcess;
import dev.holdfast.settings.HandOff;
import dev.holdfast.settings.InstanceVariables;
import dev.holdfast.supervise.ReloadCheck;
import dev.holdfast.waiting.EventWait;
import java.util.Optional;

/**
 * To a server without a launcher, which gets HUP itself. That is the end of a program that has no handler for it, so it
 * is looked at before.
 *
 * @param server which was proved to hold the lock
 * @param record what the lock file says
 */
record HangUp(PinnedProcess server, Optional<LockRecord> record) implements Carrier {
    /** Half a second: what a server without a readable environment, such as one with capabilities, costs here. */
    private static final int MOST_LOOKS = 100;

    private static final long BETWEEN_LOOKS_MILLIS = 5;

    @Override
    public Outcome send(Request request) {
        if (isBecomingServer(server.pid(), record)) {
            return Outcome.refused(new NotDone.Starting(server.pid()));
        }
        Optional<ReloadObstacle> obstacle = obstacle(server.pid(), record);
        return obstacle.isPresent()
                ? Outcome.refused(new NotDone.NotReloadable(obstacle.get(), false))
                : Carrier.sent(server, server.send(Signals.HUP), Outcome.Result.DONE);
    }

    @Override
    public boolean awaitEnd(int millis) {
        return server.awaitEnd(millis);
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

    private static Optional<ReloadObstacle> obstacle(int pid, Optional<LockRecord> record) {
        boolean isEmbedded = record.isPresent() && lacksItsVariable(pid, record.get());
        return isEmbedded
                ? Optional.of(new ReloadObstacle.Seen(ReloadObstacle.Kind.EMBEDDED, Signals.HUP))
                : ReloadCheck.obstacle(pid, Signals.HUP);
    }
}
