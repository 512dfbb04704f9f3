package dev.holdfast.guard;

import dev.holdfast.hook.Hooks;
import dev.holdfast.journal.Journal;
import dev.holdfast.lock.file.LockCheck;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.Step;
import dev.holdfast.lock.file.Steps;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.Inotify;
import dev.holdfast.posix.processes.SignalDispositions;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.process.PinnedProcess;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.process.SignalRefusal;
import dev.holdfast.supervise.Aftermath;
import dev.holdfast.supervise.StopReason;
import dev.holdfast.supervise.Supervisor;
import dev.holdfast.supervise.SupervisorListener;
import dev.holdfast.supervise.Upstream;
import dev.holdfast.tenure.Tenure;
import dev.holdfast.tenure.TenureWatch;
import dev.holdfast.text.Durations;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes what becomes of the server into the journal and the record, and looks after the lock file. */
final class Supervision implements SupervisorListener {
    private final String name;
    private final Tenure tenure;
    private final TenureWatch watch = new TenureWatch(Guard.RECHECK, Ticker.SYSTEM);
    private final RecordKeeper keeper;
    private final Journal journal;
    private final Steps steps;
    private final Upstream upstream;
    private int pid;
    private @Nullable Supervisor supervisor;
    private @Nullable Hooks hooks;
    private @Nullable ServerLaunch launch;
    private @Nullable ControlEndpoint door;
    private @Nullable ParallelInstances neighbours;
    private @Nullable CallersReadyPipe caller;
    /** Never closed: it ends with this process, and the kernel takes its time for it. */
    private @Nullable Inotify fileEvents;

    Supervision(
            String name, int pid, Tenure tenure, RecordKeeper keeper, Journal journal, Steps steps, Upstream upstream) {
        this.name = name;
        this.pid = pid;
        this.tenure = tenure;
        this.keeper = keeper;
        this.journal = journal;
        this.steps = steps;
        this.upstream = upstream;
    }

    void attach(Supervisor running) {
        supervisor = running;
    }

    /** Without them, nothing is run after the server, and another main process gets no death signal. */
    void attach(Hooks commands, ServerLaunch starts) {
        hooks = commands;
        launch = starts;
    }

    /** Without it, nobody in another pid namespace can ask for anything. */
    void attach(ControlEndpoint socket) {
        door = socket;
    }

    /** Without it, nobody waits for the server's newline but this launcher. */
    void attach(CallersReadyPipe whoWaits) {
        caller = whoWaits;
    }

    /** Without them, there is nothing to clear away that killed instances of the same name have left. */
    void attach(ParallelInstances instances) {
        neighbours = instances;
    }

    /** Once in a life, when there is time: as soon as the server runs, or when it has ended before. */
    void clearAway() {
        if (neighbours != null) {
            neighbours.removeStale();
            neighbours = null;
        }
    }

    @Override
    public void started(int newPid) {
        pid = newPid;
        record(newPid);
        journal.info("started \"" + name + "\" again pid=" + newPid);
    }

    /** From here on a server runs: nothing that only describes it may end the launcher. */
    void record(int server) {
        Optional<ProcessIdentity> identity = identity(server);
        if (identity.isPresent()) {
            keeper.started(identity.get());
        }
    }

    @Override
    public void mainChanged(int newPid) {
        pid = newPid;
        Optional<ProcessIdentity> identity = identity(newPid);
        if (identity.isPresent()) {
            keeper.isNow(identity.get());
        }
        if (launch != null) {
            launch.aimDeathSignalAt(newPid);
        }
        journal.debug("the server says that its main process is another one pid=" + newPid);
    }

    /** Empty when it has ended already, which the supervisor will see. */
    private Optional<ProcessIdentity> identity(int server) {
        try (PinnedProcess pinned = PinnedProcess.pin(server).orElse(null)) {
            return pinned == null ? Optional.empty() : Optional.of(pinned.identity());
        } catch (PosixException e) {
            journal.warn("cannot tell the server's identity, so its record lacks it: " + e.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public void ready() {
        keeper.is(LockRecord.State.READY);
        journal.info("\"" + name + "\" is ready pid=" + pid);
        upstream.tell("READY=1");
        if (caller != null) {
            if (!caller.tell()) {
                journal.debug("nobody reads that \"" + name + "\" is ready descriptor=" + caller.descriptor());
            }
            caller = null;
        }
    }

    @Override
    public void notReady(String missing) {
        journal.warn("\"" + name + "\" is not ready in time: " + missing + " pid=" + pid);
    }

    @Override
    public void strangerSpoke(int sender, int user) {
        journal.debug(
                "passed over what was said by NOTIFY_SOCKET: its sender is of another user, and not, or no more, of the"
                        + " tree of \"" + name + "\" from=" + sender + " uid=" + user + " pid=" + pid);
    }

    @Override
    public void endedWithoutNewline(int descriptor) {
        journal.warn("\"" + name + "\" closed its descriptor " + descriptor
                + " without a newline, so it does not become ready pid=" + pid);
    }

    @Override
    public void reloading() {
        keeper.is(LockRecord.State.RELOADING);
    }

    @Override
    public void notReloaded(String obstacle) {
        journal.warn("\"" + name + "\" was not told to reload: " + obstacle + " pid=" + pid);
    }

    @Override
    public void status(String text) {
        keeper.says(text);
    }

    @Override
    public void stopping(StopReason reason, int signal, Duration grace) {
        keeper.stopping(grace);
        journal.info("stopping \"" + name + "\" pid=" + pid + " signal=SIG" + Signals.name(signal) + " grace="
                + Durations.text(grace) + " " + reason.facts());
        steps.reached(Step.RELEASE_STOPPING);
        warnOfDeafness(signal, grace);
    }

    /** What a server ignores is not sent for nothing, as long as somebody learns it: the grace is all that follows. */
    private void warnOfDeafness(int signal, Duration grace) {
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
    public void draining(String cause, Duration patience, Duration untilKilled) {
        keeper.stopping(untilKilled);
        String what =
                cause.equals("stdin-closed") ? "client of \"" + name + "\" hung up" : "\"" + name + "\" is stopping";
        journal.info(what + "; waiting for the server to end pid=" + pid + " grace=" + Durations.text(patience)
                + " reason=" + cause);
    }

    @Override
    public void ended(ExitStatus status) {
        if (door != null) {
            door.serverEnded();
        }
        journal.debug("ended \"" + name + "\" pid=" + pid + " " + status.facts());
        steps.reached(Step.RELEASE_REAPED);
    }

    @Override
    public void sweeping(int count) {
        journal.info(
                "stopping " + count + (count == 1 ? " process" : " processes") + " that \"" + name + "\" left behind");
    }

    @Override
    public void killing(String reason) {
        journal.warn("killing \"" + name + "\" and all of its tree pid=" + pid + " signal=SIGKILL reason=\"" + reason
                + "\"");
    }

    @Override
    public void refused(int signal, int process) {
        journal.warn("cannot send SIG" + Signals.name(signal) + " to \"" + name + "\": "
                + SignalRefusal.text(process) + " pid=" + process
                + " remedy=\"end it as a user who may, and holdfast ends with it\"");
    }

    @Override
    public void survived(String pids) {
        journal.warn("what was to end is still there pid=" + pids + "; it keeps the lock");
    }

    @Override
    public @Nullable Aftermath gone(ExitStatus status) {
        steps.reached(Step.RUN_GONE);
        Hooks.PostStop running = hooks == null ? null : hooks.postStop(pid, status);
        return running == null ? null : new PostStopAftermath(running);
    }

    @Override
    public void backingOff(Duration delay, ExitStatus status) {
        keeper.restarting();
        journal.warn("\"" + name + "\" ended and is started again pid=" + pid + " " + status.facts() + " in="
                + Durations.text(delay));
        upstream.tell("STATUS=ended, starting again in " + Durations.text(delay));
    }

    @Override
    public void gaveUp(int restarts) {
        journal.warn("\"" + name + "\" ended too often and is not started again restarts=" + restarts);
    }

    /** The first time, what could wait until the server runs is done. Later, the tenure is looked after. */
    @Override
    public Duration recheck() {
        if (door != null && supervisor != null) {
            boolean isFirst = door.keep(keeper, supervisor);
            if (isFirst) {
                tellOfServerOutOfReach();
                clearAway();
                watchFile(supervisor);
                return Guard.RECHECK;
            }
        }
        LockCheck found = tenure.check();
        if (found == LockCheck.RESTORED && supervisor != null) {
            watchFile(supervisor); // which may be another one now
        }
        LockCheck judged = watch.judge(found, tenure.fenceAt());
        if (watch.isNews()) {
            tell(judged);
        }
        return watch.untilNext();
    }

    /** Better known now than at the first stop. */
    private void tellOfServerOutOfReach() {
        try (PinnedProcess server = PinnedProcess.pin(pid).orElse(null)) {
            if (server != null && server.isOutOfReach()) {
                journal.warn("this launcher cannot stop \"" + name + "\": " + SignalRefusal.text(pid) + " pid=" + pid);
            }
        } catch (PosixException e) {
            journal.debug("cannot tell whether the server may be signalled: " + e.getMessage());
        }
    }

    /** The kernel tells when the file loses a name. Where it has no watches left, the look once a minute must do. */
    private void watchFile(Supervisor running) {
        try {
            if (fileEvents == null) {
                fileEvents = Inotify.open();
                running.recheckOn(fileEvents);
            }
            var unused = fileEvents.watchNames("/proc/self/fd/" + tenure.watchedDescriptor());
        } catch (PosixException e) {
            journal.debug("the lock file is looked after once a minute only: " + e.getMessage());
        }
    }

    private void tell(LockCheck found) {
        switch (found) {
            case INTACT -> {}
            case RESTORED ->
                journal.warn("the lock file was removed or replaced under this instance; put back file="
                        + tenure.location().path());
            case UNREPAIRABLE ->
                journal.warn(
                        "the lock file was removed or replaced under this instance, and cannot be made again; a second"
                                + " instance is kept out by the interlock only file="
                                + tenure.location().path());
            case LOST -> {
                journal.warn("the lock file was replaced and another process holds the new one file="
                        + tenure.location().path());
                if (supervisor != null) {
                    supervisor.requestStop("lock-lost");
                }
            }
        }
    }
}
