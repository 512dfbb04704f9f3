package dev.holdfast.guard;

import dev.holdfast.command.CommandException;
import dev.holdfast.command.Environment;
import dev.holdfast.command.ResolvedCommand;
import dev.holdfast.error.HoldfastException;
import dev.holdfast.hook.Hooks;
import dev.holdfast.journal.Journal;
import dev.holdfast.listen.HandedSockets;
import dev.holdfast.listen.ListeningSockets;
import dev.holdfast.lock.LockFileException;
import dev.holdfast.lock.UnsafeLockPathException;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.Step;
import dev.holdfast.lock.file.Steps;
import dev.holdfast.posix.processes.ProcFs;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.signals.SignalQueue;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.settings.ConflictPolicy;
import dev.holdfast.settings.HandOff;
import dev.holdfast.settings.HookSettings;
import dev.holdfast.settings.InstanceVariables;
import dev.holdfast.settings.ListenSettings;
import dev.holdfast.settings.ServerSettings;
import dev.holdfast.tenure.LocalTenure;
import dev.holdfast.tenure.Tenure;
import dev.holdfast.waiting.EventWait;
import dev.holdfast.waiting.Ticker;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One guarded run: take the lock, start the server, watch it, stop it within bounds, release.
 *
 * <p>Must run in a process of its own, in one thread, with the launcher's signals blocked since its first instruction.
 * From then on there is no instant at which a stop request could end the launcher and leave the server: it is pending,
 * or it is handled.
 */
public final class Guard {
    /** How often the path is looked at. */
    static final Duration RECHECK = Duration.ofSeconds(60);
    /** When the control socket is opened: not on the way to a server that ends at once, nor when the first signals come. */
    static final Duration FIRST_LOOK = Duration.ofMillis(100);

    private final GuardSettings settings;
    private final Journal journal;
    private final Steps steps;
    private final String instanceId;
    /** What the instance has handed over that was ended for this one. */
    private Optional<HandedSockets> handed = Optional.empty();
    /** Null when there is nothing to tell of them. */
    private @Nullable Predecessors predecessors;

    private boolean hasStartedServer;
    /** The environment with the instance's variables; null when there was no time for it. */
    private @Nullable Environment prepared;

    /**
     * A guard that has done nothing yet.
     *
     * @param settings how to guard
     * @param instanceId pid and eight random digits, on every line of the journal
     * @param journal the audit trail
     * @param steps is told of each step
     */
    public Guard(GuardSettings settings, String instanceId, Journal journal, Steps steps) {
        this.settings = settings;
        this.instanceId = instanceId;
        this.journal = journal;
        this.steps = steps;
    }

    /** Whether there was a server, to which stdin and stdout belong. */
    public boolean hasStartedServer() {
        return hasStartedServer;
    }

    /**
     * Runs a server under the lock. Blocks until everything is over.
     *
     * @param command what to run
     * @param environment what it is started with, before the instance's own variables
     * @return how it ended
     * @throws CommandException if the command cannot be started; the lock is released
     * @throws UnsafeLockPathException if the lock path cannot be trusted
     * @throws LockFileException if the lock file cannot be made or written
     * @throws dev.holdfast.posix.UnsupportedSystemException if {@code /proc} or pidfds are missing
     */
    public GuardOutcome run(ResolvedCommand command, Environment environment) {
        ProcFs.require();
        boolean hangUpIgnored = Signals.isIgnored(Signals.HUP);
        try (SignalQueue signals = SignalQueue.open()) {
            Signals.setDefault(Signals.CHLD);
            EventWait wait = new EventWait(signals, hangUpIgnored);
            ProcessIdentity self = ProcessIdentity.ofSelf();
            Acquisition.Result result = acquire(self, signals, wait, command, environment);
            if (result instanceof Acquisition.Result.Acquired acquired) {
                return underLock(acquired.tenure(), self, command, environment, signals, wait, hangUpIgnored);
            }
            return ((Acquisition.Result.NotAcquired) result).outcome();
        }
    }

    private Acquisition.Result acquire(
            ProcessIdentity self,
            SignalQueue signals,
            EventWait wait,
            ResolvedCommand command,
            Environment environment) {
        try {
            Acquisition acquisition = new Acquisition(
                    settings.instance().name(),
                    settings.instance().nameOrigin(),
                    settings.lockFile(),
                    settings.conflict().policy(),
                    settings.conflict().waitTimeout(),
                    self.startTicks(),
                    wait,
                    journal,
                    steps);
            if (settings.conflict().policy() == ConflictPolicy.ACTIVATE
                    && settings.activation().isPresent()) {
                acquisition.activateWith(new SecondStart(
                        command.arguments(),
                        environment,
                        settings.activation().get().timeout()));
            }
            // A process that is replaced by its server must not become a subreaper before: the server would stay one.
            if (settings.conflict().policy() == ConflictPolicy.WAIT
                    && settings.server().handOff() == HandOff.SUPERVISE) {
                acquisition.prepareBy(new HandOverRehearsal(settings, self, signals, wait, environment, this));
            }
            if (settings.server().listen().isPresent()) {
                handed = Optional.of(new HandedSockets());
                acquisition.takeSockets(handed.get());
            }
            Acquisition.Result result = acquisition.acquire();
            predecessors = acquisition.predecessors();
            return result;
        } catch (LockFileException | UnsafeLockPathException e) {
            return new Acquisition.Result.Acquired(withoutFile(e));
        }
    }

    /** Where the file would keep nobody out, the instance does without: only to be found it would have been good. */
    private Tenure withoutFile(HoldfastException refusal) {
        Optional<Tenure> inMemory = settings.parallelInstances().isPresent()
                        && settings.parallelInstances().get().needsNoFile()
                ? LocalTenure.inMemory(settings.lockFile())
                : Optional.empty();
        if (inMemory.isEmpty()) {
            throw refusal;
        }
        journal.warn(refusal.getMessage() + "; running without it, so status and stop do not find this instance pid="
                + Self.pid());
        return inMemory.get();
    }

    GuardOutcome underLock(
            Tenure tenure,
            ProcessIdentity self,
            ResolvedCommand command,
            Environment environment,
            SignalQueue signals,
            EventWait wait,
            boolean hangUpIgnored) {
        Optional<ListeningSockets> sockets = Optional.empty();
        SuperviseHandOff run = new SuperviseHandOff(settings, tenure, signals, wait, hangUpIgnored, journal, steps);
        try {
            LockRecord starting = LockRecord.starting(
                    self,
                    settings.instance().name(),
                    settings.instance().transport(),
                    settings.instance().version(),
                    instanceId,
                    timeToStop(settings.server()),
                    care());
            tenure.describe(starting);
            steps.reached(Step.ACQUIRE_RECORDED);
            if (wait.isStopRequested()) {
                return GuardOutcome.Interrupted.by(wait);
            }
            if (settings.server().listen().isPresent()) {
                sockets = Optional.of(listen(settings.server().listen().get(), environment));
            }
            Environment ofInstance = prepared == null ? ofInstance(environment) : prepared;
            Hooks hooks = hooks(ofInstance, wait);
            String obstacle = hooks.preStart();
            if (wait.isStopRequested()) {
                return GuardOutcome.Interrupted.by(wait);
            }
            if (!obstacle.isEmpty()) {
                return new GuardOutcome.NotPrepared(obstacle);
            }
            if (settings.server().handOff() == HandOff.EXEC) {
                LockRecord running = starting.withServer(self, LockRecord.State.RUNNING);
                tenure.describe(running);
                tenure.becomeServers();
                // No method reference: its class would be made on this way.
                if (settings.parallelInstances().isPresent()) {
                    settings.parallelInstances().get().staleFiles().removeMost();
                }
                ExecRegistration.write(
                        settings.instance().tracking(), settings.lockFile().path(), running, journal, Ticker.SYSTEM);
                journal.openIfNeeded();
                // After an exec nobody but the server could hold the interlock.
                throw command.become(new ServerLaunch(
                        tenure,
                        sockets.isPresent() ? sockets.get().addTo(ofInstance) : ofInstance,
                        hangUpIgnored,
                        true,
                        settings.caller().descriptors(),
                        0,
                        settings.context(),
                        sockets,
                        new ServerSeat(0, null, null, null)));
            }
            run.predecessors = predecessors;
            return run.run(command, ofInstance, starting, hooks, sockets);
        } finally {
            hasStartedServer = run.hasStarted();
            if (run.isTreeGone()) {
                if (sockets.isPresent()) {
                    sockets.get().close(); // while the lock is held: the next holder opens them anew
                }
                tenure.release(steps);
                steps.reached(Step.RELEASE_DONE);
            } else {
                tenure.abandon();
            }
        }
    }

    /**
     * Makes what a start needs when it has the lock, and does not depend on it.
     *
     * @param environment what {@link #run} was called with
     */
    void prepare(Environment environment) {
        prepared = ofInstance(environment);
    }

    private Environment ofInstance(Environment environment) {
        return environment.with(variables());
    }

    private ListeningSockets listen(ListenSettings wanted, Environment environment) {
        try (HandedSockets received = handed.orElseGet(HandedSockets::new)) {
            ListeningSockets sockets = ListeningSockets.open(
                    wanted, environment, settings.server().readiness().descriptor(), received);
            sockets.makeBlocking();
            warnOfDisplaced(sockets);
            return sockets;
        }
    }

    /** A number can be one thing only in the server, and sd_listen_fds(3) fixes those of the sockets. */
    private void warnOfDisplaced(ListeningSockets sockets) {
        List<Integer> passedOn = sockets.without(settings.caller().descriptors());
        for (int descriptor : settings.caller().descriptors()) {
            if (!passedOn.contains(descriptor)) {
                journal.warn("descriptor " + descriptor + ", which was passed on to holdfast, is not passed on to the"
                        + " server: a socket of --listen has this number there; pass it on by a higher number");
            }
        }
    }

    /**
     * Writes a refusal into the history, and runs the command for that when this start gave way to another instance. Blocks
     * until it has ended, its time is over, or a stop request has come.
     *
     * @param outcome what {@link #run} returned
     * @param environment what the server would have been started with
     * @return whether a stop request has come meanwhile
     */
    public boolean afterGivingWay(GuardOutcome outcome, Environment environment) {
        if (outcome instanceof GuardOutcome.Refused refused) {
            String obstacle = UserHistory.refused(settings.instance().name(), refused.refusal());
            if (!obstacle.isEmpty()) {
                journal.debug("no line in the history: " + obstacle);
            }
        }
        if (settings.server().hooks().onConflict().isEmpty()
                || !(outcome instanceof GuardOutcome.Refused || outcome instanceof GuardOutcome.Skipped)) {
            return false;
        }
        int holder = outcome instanceof GuardOutcome.Refused refused
                ? refused.refusal().incumbent().pid()
                : ((GuardOutcome.Skipped) outcome).holderPid();
        try (SignalQueue signals = SignalQueue.open()) {
            EventWait wait = new EventWait(signals, Signals.isIgnored(Signals.HUP));
            hooks(environment.with(variables()), wait).onConflict(holder);
            return wait.isStopRequested();
        }
    }

    private Hooks hooks(Environment environment, EventWait wait) {
        return new Hooks(
                settings.instance().name(),
                settings.server().hooks(),
                settings.context(),
                settings.server().stop().grace(),
                environment,
                wait,
                journal);
    }

    private LockRecord.Care care() {
        return new LockRecord.Care(
                Optional.of(settings.server().handOff()),
                settings.instance().watchClient(),
                settings.instance().share().isPresent());
    }

    /** How long others have to be patient with this instance. */
    static Duration timeToStop(ServerSettings server) {
        HookSettings hooks = server.hooks();
        return hooks.postStop().isEmpty()
                ? server.stop().grace()
                : server.stop().grace().plus(hooks.timeout());
    }

    private Map<String, String> variables() {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put(InstanceVariables.NAME, settings.instance().name());
        variables.put(InstanceVariables.ID, instanceId);
        variables.put(InstanceVariables.LOCK_FILE, settings.lockFile().path());
        return variables;
    }
}
