package dev.holdfast.guard;

import dev.holdfast.command.Environment;
import dev.holdfast.command.ResolvedCommand;
import dev.holdfast.hook.Hooks;
import dev.holdfast.journal.Journal;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.Step;
import dev.holdfast.lock.file.Steps;
import dev.holdfast.posix.signals.SignalQueue;
import dev.holdfast.settings.ServerSettings;
import dev.holdfast.supervise.ChildSource;
import dev.holdfast.supervise.ClientWatch;
import dev.holdfast.supervise.InstanceEvent;
import dev.holdfast.supervise.InstanceListeners;
import dev.holdfast.supervise.NotificationSource;
import dev.holdfast.supervise.OutputTap;
import dev.holdfast.supervise.ReadinessSource;
import dev.holdfast.supervise.ReadyPipe;
import dev.holdfast.supervise.SignalSource;
import dev.holdfast.supervise.Supervisor;
import dev.holdfast.supervise.SupervisorSettings;
import dev.holdfast.supervise.Upstream;
import dev.holdfast.tenure.Tenure;
import dev.holdfast.waiting.EventWait;
import dev.holdfast.waiting.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * Puts the supervision of a server that runs together: who hears what happens, what the loop waits for, and what is done
 * beside it when there is time. Not part of {@link SuperviseHandOff}, so that nothing of it is loaded before the server
 * runs.
 */
final class SupervisorWiring {
    private final GuardSettings settings;
    private final Tenure tenure;
    private final SignalQueue signals;
    private final EventWait wait;
    private final boolean hangUpIgnored;
    private final Journal journal;
    private final Steps steps;

    SupervisorWiring(
            GuardSettings settings,
            Tenure tenure,
            SignalQueue signals,
            EventWait wait,
            boolean hangUpIgnored,
            Journal journal,
            Steps steps) {
        this.settings = settings;
        this.tenure = tenure;
        this.signals = signals;
        this.wait = wait;
        this.hangUpIgnored = hangUpIgnored;
        this.journal = journal;
        this.steps = steps;
    }

    /**
     * Watches a server that was just started, to its end. Blocks.
     *
     * @param environment what the launcher was started with: a manager above may be in it
     */
    Supervisor.Outcome run(
            int pid,
            LockRecord starting,
            ServerChannels channels,
            ResolvedCommand command,
            ServerLaunch launch,
            Environment environment,
            Hooks hooks) {
        RecordKeeper keeper = new RecordKeeper(
                tenure, starting, journal, settings.server().readiness().isExpected());
        InstanceListeners listeners = new InstanceListeners();
        listeners.add(keeper);
        listeners.add(
                new AuditTrail(settings.instance().name(), settings.lockFile().path(), journal));
        listeners.add(new Upstream(environment.value("NOTIFY_SOCKET")));
        listeners.add(new DeathSignalAim(launch));
        listeners.add(new CrashSteps(steps));
        listeners.tell(new InstanceEvent.Started(pid, false));
        steps.reached(Step.RUN_RECORDED);
        journal.open();
        for (String weakness : tenure.weaknesses()) {
            journal.warn(weakness);
        }
        Supervisor supervisor = new Supervisor(
                pid,
                supervision(hooks),
                new CommandRestarter(command, launch, hooks, journal),
                listeners,
                Ticker.SYSTEM);
        listeners.add(new StopOnLoss(supervisor));
        supervisor.add(new SignalSource(signals, wait.sentForServer(), supervisor));
        addChannels(channels, supervisor, listeners);
        supervisor.add(new ChildSource(supervisor, Ticker.SYSTEM));
        steps.reached(Step.RUN_READY);
        try (ClientWatch client = client(supervisor);
                ControlEndpoint control =
                        new ControlEndpoint(settings, hooks, journal, command, keeper, supervisor, Ticker.SYSTEM);
                StaleCleaning cleaning = cleaning()) {
            if (client != null) {
                supervisor.add(client);
            }
            if (cleaning != null) {
                supervisor.add(cleaning);
            }
            if (tenure.hasPath()) {
                supervisor.add(control); // nobody could find it
                listeners.add(control);
                supervisor.add(new ReachCheck(supervisor, listeners, journal, Ticker.SYSTEM));
                supervisor.add(new LockWatch(tenure, listeners, journal, Ticker.SYSTEM));
            }
            return supervisor.run();
        }
    }

    /** By what the server tells of itself: served before the reaping, since it may speak at its end. */
    private void addChannels(ServerChannels channels, Supervisor supervisor, InstanceListeners listeners) {
        if (channels.notifySocket() != null) {
            supervisor.add(new NotificationSource(channels.notifySocket(), supervisor, Ticker.SYSTEM));
        }
        OutputTap output = channels.output();
        if (output != null) {
            output.reportTo(supervisor);
            supervisor.add(output);
            listeners.add(output);
        }
        if (!settings.server().readiness().url().isEmpty()) {
            supervisor.add(new ReadinessSource(supervisor));
        }
        ReadyPipe pipe = channels.readyPipe();
        if (pipe != null) {
            pipe.reportTo(supervisor);
            supervisor.add(pipe);
            CallersReadyPipe.of(
                            pipe.number(),
                            settings.caller(),
                            settings.instance().name(),
                            journal)
                    .ifPresent(listeners::add);
        }
    }

    /** Nobody is watched unless that was asked for. */
    private @Nullable ClientWatch client(Supervisor supervisor) {
        return settings.instance().watchClient()
                ? new ClientWatch(settings.caller().parentPid(), supervisor)
                : null;
    }

    /** Nothing to clear away where the instance is the only one of its name. */
    private @Nullable StaleCleaning cleaning() {
        return settings.neighbours().isEmpty()
                ? null
                : new StaleCleaning(settings.neighbours().get(), Ticker.SYSTEM);
    }

    private SupervisorSettings supervision(Hooks hooks) {
        ServerSettings server = settings.server();
        return new SupervisorSettings(
                server.stop(),
                settings.instance().watchClient(),
                server.forwarding(),
                hangUpIgnored,
                server.readiness(),
                hooks.ready(server.readiness().command()),
                server.restart());
    }
}
