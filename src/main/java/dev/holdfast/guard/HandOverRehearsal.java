package dev.holdfast.guard;

import dev.holdfast.command.Environment;
import dev.holdfast.command.ResolvedCommand;
import dev.holdfast.command.ServerContext;
import dev.holdfast.error.HoldfastException;
import dev.holdfast.journal.Journal;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.LockRehearsal;
import dev.holdfast.lock.file.Steps;
import dev.holdfast.posix.processes.ProcessEnvironment;
import dev.holdfast.posix.processes.ProcessList;
import dev.holdfast.posix.processes.ProcessReader;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.signals.SignalQueue;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.settings.ConflictPolicy;
import dev.holdfast.settings.HandOff;
import dev.holdfast.settings.HookSettings;
import dev.holdfast.settings.InstanceVariables;
import dev.holdfast.settings.LogLevel;
import dev.holdfast.settings.ReadinessSettings;
import dev.holdfast.settings.ServerSettings;
import dev.holdfast.tenure.LocalTenure;
import dev.holdfast.tenure.Tenure;
import dev.holdfast.waiting.EventWait;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a waiting start does while it has time: it goes the way from the lock to its server, so that its JVM has loaded and linked
 * all that is on it when the lock becomes free, and has compiled what is in its loops. The first time costs ten milliseconds, the
 * next one two or three.
 *
 * <p>Nobody notices: the lock is on a file in memory, and its location leads to nothing; the last holder's record is this start's
 * own; and no kernel executes the command. What the user wants done for a server's start, such as hooks and sockets, is left out.
 */
final class HandOverRehearsal implements Supplier<Boolean> {
    /** How often the way is gone, when there are no more processes than that to be looked at in all. */
    private static final int MOST_TIMES = 20;

    private static final int MOST_LOOKS = 6_000;
    /** The heap shall not grow by what the rehearsal leaves in it. */
    private static final int TIMES_OF_GARBAGE = 4;

    /** No process group has it: more than the kernel's highest pid, which is 2^22. */
    private static final int NO_GROUP = Integer.MAX_VALUE;

    private static final int ENVIRONMENTS = 25;

    private final GuardSettings settings;
    private final ProcessIdentity self;
    private final SignalQueue signals;
    private final EventWait wait;
    private final Environment environment;
    private final Guard guard;
    private final Journal unheard = new Journal(LogLevel.INFO, new Nowhere());

    private int times;
    private int looks;

    HandOverRehearsal(
            GuardSettings settings,
            ProcessIdentity self,
            SignalQueue signals,
            EventWait wait,
            Environment environment,
            Guard guard) {
        this.settings = settings;
        this.self = self;
        this.signals = signals;
        this.wait = wait;
        this.environment = environment;
        this.guard = guard;
        unheard.open();
    }

    /** Goes the way once more. Blocks for some milliseconds. What goes wrong will go wrong again, and is told then. */
    @Override
    public Boolean get() {
        if (times % 2 == 0) {
            ProcessReader.rememberStarts(); // by turns, so that both ways are compiled
        }
        goTheWay();
        times++;
        boolean isOver = times % 2 == 0 && (times >= MOST_TIMES || looks >= MOST_LOOKS);
        if (isOver || times % TIMES_OF_GARBAGE == 0) {
            // The next collection would come between the lock and the server: 2 ms on 25.
            System.gc();
        }
        if (isOver) {
            guard.prepare(environment);
        }
        return !isOver;
    }

    private void goTheWay() {
        String id = LockRecord.newInstanceId();
        LockFile nowhere = new LockFile(settings.lockFile().directory(), "." + id + ".rehearsal");
        try {
            LockRehearsal.run(nowhere);
            Optional<Tenure> tenure = LocalTenure.inMemory(nowhere);
            if (tenure.isPresent()) {
                LockRecord record = record(id);
                var unusedResult = new Contention.Step.Over(new Acquisition.Result.Acquired(tenure.get()));
                var unusedPredecessors = new Predecessors(null, record);
                tenure.get().describe(record);
                if (hasNothingLeft(nowhere, tenure.get())) {
                    startNothing(id, nowhere, tenure.get());
                }
            }
        } catch (HoldfastException e) {
            // as the start of a command must end that cannot be executed
        }
    }

    /** With a server that there is not: it has the parent's pid, and began after it. */
    private LockRecord record(String id) {
        LockRecord record = LockRecord.starting(
                self,
                settings.instance().name(),
                settings.instance().transport(),
                settings.instance().version(),
                id,
                settings.server().stop().grace(),
                new LockRecord.Care(Optional.empty(), false));
        int parent = Self.parentPid();
        return parent == 0
                ? record
                : record.withServer(
                        new ProcessIdentity(parent, self.startTicks() + 1, self.uniqueId()), LockRecord.State.RUNNING);
    }

    private boolean hasNothingLeft(LockFile nowhere, Tenure tenure) {
        String name = settings.instance().name();
        Contender contender = new Contender(
                name,
                settings.instance().nameOrigin(),
                ConflictPolicy.FAIL, // whatever it took for left over, it would let it be
                self.startTicks(),
                Long.MAX_VALUE,
                Optional.empty(),
                Optional.empty());
        Opponents nobody = LiveOpponents.of(name, nowhere, wait, unheard, Steps.NONE, null);
        lookTwice();
        return new LeftoverResolution(contender, wait, unheard, nobody)
                .resolve(tenure, tenure.previous())
                .isEmpty();
    }

    /** As it is done where the kernel still knows the group of the last holder's server, and at what began after its launcher. */
    private void lookTwice() {
        looks += ProcessList.pids().length;
        var unusedPids = ProcessList.isWhole() ? ProcessList.seenOfGroup(NO_GROUP) : null;
        try (ProcessReader reader = new ProcessReader(InstanceVariables.ID + "=")) {
            for (int i = 0; i < ENVIRONMENTS; i++) {
                var unused = reader.hasVariable(self.pid());
            }
        }
        // One that is about to end has no environment any more, and gets a look by other means.
        var unused = ProcessEnvironment.has(self.pid(), InstanceVariables.ID + "=");
    }

    private void startNothing(String id, LockFile nowhere, Tenure tenure) {
        var unused = new Guard(plain(nowhere), id, unheard, Steps.NONE)
                .underLock(tenure, self, ResolvedCommand.unrunnable(), environment, signals, wait, false);
    }

    private GuardSettings plain(LockFile nowhere) {
        ServerSettings server = settings.server();
        return new GuardSettings(
                settings.instance(),
                settings.caller(),
                nowhere,
                Optional.empty(),
                settings.conflict(),
                new ServerSettings(
                        server.stop(),
                        server.forwarding(),
                        HandOff.SUPERVISE,
                        ReadinessSettings.NONE,
                        server.restart(),
                        new HookSettings("", "", "", server.hooks().timeout()),
                        Optional.empty()),
                Optional.empty(),
                Optional.empty(),
                ServerContext.LAUNCHERS);
    }

    /** No lambda: an AOT cache would have all that the first one needs, and every start would load it. */
    private static final class Nowhere implements Journal.SinkFactory, Journal.Sink {
        @Override
        public Journal.Sink open() {
            return this;
        }

        @Override
        public void write(Journal.Entry entry) {}
    }
}
