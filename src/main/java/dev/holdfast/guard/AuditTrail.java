package dev.holdfast.guard;

import dev.holdfast.journal.Journal;
import dev.holdfast.lock.file.LockCheck;
import dev.holdfast.posix.processes.SignalDispositions;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.process.SignalRefusal;
import dev.holdfast.supervise.InstanceEvent;
import dev.holdfast.supervise.InstanceListener;
import dev.holdfast.text.Durations;
import java.time.Duration;
import java.util.Optional;

/** Writes what becomes of the server into the journal: who, whom, why. */
final class AuditTrail implements InstanceListener {
    private final String name;
    private final String lockFile;
    private final Journal journal;

    /**
     * Writes from the next event on.
     *
     * @param name the instance
     * @param lockFile the path of its lock file
     */
    AuditTrail(String name, String lockFile, Journal journal) {
        this.name = name;
        this.lockFile = lockFile;
        this.journal = journal;
    }

    @Override
    public void started(InstanceEvent.Started event) {
        if (event.again()) {
            journal.info("started \"" + name + "\" again pid=" + event.pid());
        } else {
            journal.debug("started \"" + name + "\" pid=" + event.pid() + " lock=" + lockFile);
        }
    }

    /** The same lines: each names the server that it is about. */
    @Override
    public void beside(InstanceEvent.Beside event) {
        if (event.event() instanceof InstanceEvent.Started started) {
            journal.info("started a server beside the one of \"" + name + "\" pid=" + started.pid());
        } else {
            event.event().tell(this);
        }
    }

    @Override
    public void changedPlaces(InstanceEvent.ChangedPlaces event) {
        journal.info("the server of \"" + name + "\" is another one now pid=" + event.pid()
                + (event.beside() == 0 ? "" : " beside=" + event.beside()));
    }

    @Override
    public void mainChanged(InstanceEvent.MainChanged event) {
        journal.debug("the server says that its main process is another one pid=" + event.pid());
    }

    @Override
    public void ready(InstanceEvent.Ready event) {
        journal.info("\"" + name + "\" is ready pid=" + event.pid());
    }

    @Override
    public void notReady(InstanceEvent.NotReady event) {
        journal.warn("\"" + name + "\" is not ready in time: " + event.missing() + " pid=" + event.pid());
    }

    @Override
    public void strangerSpoke(InstanceEvent.StrangerSpoke event) {
        journal.debug(
                "passed over what was said by NOTIFY_SOCKET: its sender is of another user, and not, or no more, of"
                        + " the tree of \"" + name + "\" from=" + event.sender() + " uid=" + event.user() + " pid="
                        + event.pid());
    }

    @Override
    public void endedWithoutNewline(InstanceEvent.EndedWithoutNewline event) {
        journal.warn("\"" + name + "\" closed its descriptor " + event.descriptor()
                + " without a newline, so it does not become ready pid=" + event.pid());
    }

    @Override
    public void notReloaded(InstanceEvent.NotReloaded event) {
        journal.warn(
                "\"" + name + "\" was not told to reload: " + event.obstacle().words() + " pid=" + event.pid());
    }

    @Override
    public void stopping(InstanceEvent.Stopping event) {
        journal.info("stopping \"" + name + "\" pid=" + event.pid() + " signal=SIG" + Signals.name(event.signal())
                + " grace=" + Durations.text(event.grace()) + " "
                + event.reason().facts());
        warnOfDeafness(event.pid(), event.signal(), event.grace());
    }

    /** What a server ignores is not sent for nothing, as long as somebody learns it: the grace is all that follows. */
    private void warnOfDeafness(int pid, int signal, Duration grace) {
        Optional<SignalDispositions> dispositions = SignalDispositions.of(pid);
        boolean isDeaf = dispositions.isPresent()
                && dispositions.get().effectOf(signal) != SignalDispositions.Effect.TAKEN
                && dispositions.get().effectOf(signal) != SignalDispositions.Effect.DEATH;
        if (isDeaf) {
            journal.warn("\"" + name + "\" neither catches SIG" + Signals.name(signal)
                    + " nor dies of it; SIGKILL follows in " + Durations.text(grace)
                    + " remedy=\"--stop-signal with one that it catches\" pid=" + pid);
        }
    }

    @Override
    public void draining(InstanceEvent.Draining event) {
        String what = event.reason().cause().equals("stdin-closed")
                ? "client of \"" + name + "\" hung up"
                : "\"" + name + "\" is stopping";
        journal.info(what + "; waiting for the server to end pid=" + event.pid() + " grace="
                + Durations.text(event.patience()) + " " + event.reason().facts());
    }

    @Override
    public void ended(InstanceEvent.Ended event) {
        journal.debug("ended \"" + name + "\" pid=" + event.pid() + " "
                + event.status().facts());
    }

    @Override
    public void sweeping(InstanceEvent.Sweeping event) {
        journal.info("stopping " + event.count() + (event.count() == 1 ? " process" : " processes") + " that \"" + name
                + "\" left behind");
    }

    @Override
    public void killing(InstanceEvent.Killing event) {
        journal.warn("killing \"" + name + "\" and all of its tree pid=" + event.pid() + " signal=SIGKILL reason=\""
                + event.reason() + "\"");
    }

    @Override
    public void refused(InstanceEvent.Refused event) {
        journal.warn("cannot send SIG" + Signals.name(event.signal()) + " to \"" + name + "\": "
                + SignalRefusal.text(event.process()) + " pid=" + event.process()
                + " remedy=\"end it as a user who may, and holdfast ends with it\"");
    }

    @Override
    public void survived(InstanceEvent.Survived event) {
        journal.warn("what was to end is still there pid=" + event.pids() + "; it keeps the lock");
    }

    @Override
    public void backingOff(InstanceEvent.BackingOff event) {
        journal.warn("\"" + name + "\" ended and is started again pid=" + event.pid() + " "
                + event.status().facts() + " in=" + Durations.text(event.delay()));
    }

    @Override
    public void gaveUp(InstanceEvent.GaveUp event) {
        journal.warn("\"" + name + "\" ended too often and is not started again restarts=" + event.restarts());
    }

    @Override
    public void outOfReach(InstanceEvent.OutOfReach event) {
        journal.warn("this launcher cannot stop \"" + name + "\": " + SignalRefusal.text(event.pid()) + " pid="
                + event.pid());
    }

    @Override
    public void lockChecked(InstanceEvent.LockChecked event) {
        if (event.isNews()) {
            tell(event.found());
        }
    }

    private void tell(LockCheck found) {
        switch (found) {
            case INTACT -> {}
            case RESTORED ->
                journal.warn("the lock file was removed or replaced under this instance; put back file=" + lockFile);
            case UNREPAIRABLE ->
                journal.warn(
                        "the lock file was removed or replaced under this instance, and cannot be made again; a second"
                                + " instance is kept out by the interlock only file=" + lockFile);
            case LOST ->
                journal.warn("the lock file was replaced and another process holds the new one file=" + lockFile);
        }
    }
}
