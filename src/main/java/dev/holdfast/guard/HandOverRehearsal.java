package dev.holdfast.guard;

import dev.holdfast.command.Environment;
import dev.holdfast.command.ResolvedCommand;
import dev.holdfast.command.ServerContext;
import dev.holdfast.error.HoldfastException;
import dev.holdfast.journal.Journal;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.Steps;
import dev.holdfast.posix.processes.ProcessEnvironment;
import dev.holdfast.posix.processes.ProcessReader;
import dev.holdfast.posix.signals.SignalQueue;
import dev.holdfast.process.ProcessIdentity;
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

/**
 * What a waiting start does while it has time: it goes the way from the lock to its server once, so that its JVM has loaded and
 * linked all that is on it when the lock becomes free. The first time costs ten milliseconds, the next one two or three.
 *
 * <p>Nobody notices: the lock is on a file in memory, and its location leads to nothing; the last holder's record is this start's
 * own; and no kernel executes the command. What the user wants done for a server's start, such as hooks and sockets, is left out.
 */
final class HandOverRehearsal implements Runnable {
    /** So often that the parser of the line is compiled. */
    private static final int READINGS = 1_500;

    private static final Journal UNHEARD = new Journal(LogLevel.OFF, new Nowhere());

    private final GuardSettings settings;
    private final ProcessIdentity self;
    private final SignalQueue signals;
    private final EventWait wait;
    private final Environment environment;

    HandOverRehearsal(
            GuardSettings settings,
            ProcessIdentity self,
            SignalQueue signals,
            EventWait wait,
            Environment environment) {
        this.settings = settings;
        this.self = self;
        this.signals = signals;
        this.wait = wait;
        this.environment = environment;
    }

    /** Goes the way. Blocks for some milliseconds. What goes wrong will go wrong again, and is told then. */
    @Override
    public void run() {
        String id = LockRecord.newInstanceId();
        LockFile nowhere = new LockFile(settings.lockFile().directory(), "." + id + ".rehearsal");
        try {
            Optional<Tenure> tenure = LocalTenure.inMemory(nowhere);
            if (tenure.isPresent()) {
                readOften();
                tenure.get().describe(record(id));
                clearNothing(nowhere, tenure.get());
                startNothing(id, nowhere, tenure.get());
            }
        } catch (HoldfastException e) {
            // as the start of a command must end that cannot be executed
        }
        // The next collection would come between the lock and the server: 2 ms on 25.
        System.gc();
    }

    /** The server will wait until each process has been looked at, and most of a look is the parsing of a line. */
    private void readOften() {
        try (ProcessReader reader = new ProcessReader(InstanceVariables.ID + "=")) {
            for (int i = 0; i < READINGS; i++) {
                var unused = reader.stat(self.pid());
            }
            // One that is about to end has no environment any more, and gets a second look by other means.
            var unused = ProcessEnvironment.has(self.pid(), InstanceVariables.ID + "=");
        }
    }

    private LockRecord record(String id) {
        return LockRecord.starting(
                self,
                settings.instance().name(),
                settings.instance().transport(),
                settings.instance().version(),
                id,
                settings.server().stop().grace(),
                new LockRecord.Care(Optional.empty(), false));
    }

    private void clearNothing(LockFile nowhere, Tenure tenure) {
        String name = settings.instance().name();
        Contender contender = new Contender(
                name,
                settings.instance().nameOrigin(),
                settings.conflict().policy(),
                self.startTicks(),
                Long.MAX_VALUE,
                Optional.empty(),
                Optional.empty());
        Opponents nobody = LiveOpponents.of(name, nowhere, wait, UNHEARD, Steps.NONE, null);
        var unused = new LeftoverResolution(contender, wait, UNHEARD, nobody).resolve(tenure, tenure.previous());
    }

    private void startNothing(String id, LockFile nowhere, Tenure tenure) {
        var unused = new Guard(plain(nowhere), id, UNHEARD, Steps.NONE)
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
