package dev.holdfast.guard;

import dev.holdfast.command.Environment;
import dev.holdfast.command.ResolvedCommand;
import dev.holdfast.hook.Hooks;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.Step;
import dev.holdfast.settings.ServerSettings;
import dev.holdfast.settings.ShareSettings;
import dev.holdfast.settings.TrackingSettings;
import dev.holdfast.share.host.Host;
import dev.holdfast.share.host.HttpEntrance;
import dev.holdfast.share.host.ServerPipes;
import dev.holdfast.share.identity.Identity;
import dev.holdfast.share.identity.IdentityLikeness;
import dev.holdfast.share.identity.SaidDigests;
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
import dev.holdfast.waiting.Ticker;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts the supervision of a server that runs together: who hears what happens, what the loop waits for, and what is done
 * beside it when there is time. Not part of {@link SuperviseHandOff}, so that nothing of it is loaded before the server
 * runs.
 */
final class SupervisorWiring {
    private final SuperviseHandOff handOff;
    private final @Nullable HttpEntrance entrance;

    /**
     * For a hand-off: it has all that this one needs.
     *
     * @param entrance by which clients come that speak HTTP; null for none
     */
    SupervisorWiring(SuperviseHandOff handOff, @Nullable HttpEntrance entrance) {
        this.handOff = handOff;
        this.entrance = entrance;
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
                handOff.tenure,
                starting,
                handOff.journal,
                handOff.settings.server().readiness().isExpected());
        InstanceListeners listeners = new InstanceListeners();
        listeners.add(keeper);
        listeners.add(new AuditTrail(
                handOff.settings.instance().name(), handOff.settings.lockFile().path(), handOff.journal));
        listeners.add(new Upstream(environment.value("NOTIFY_SOCKET")));
        listeners.add(new DeathSignalAim(launch));
        listeners.add(new CrashSteps(handOff.steps));
        HomeWriter writer = new HomeWriter(trackingFolder(), handOff.journal);
        HistoryTrail history = HistoryTrail.of(handOff, starting, writer);
        listeners.add(history);
        listeners.tell(new InstanceEvent.Started(pid, false));
        handOff.steps.reached(Step.RUN_RECORDED);
        handOff.journal.open();
        for (String weakness : handOff.tenure.weaknesses()) {
            handOff.journal.warn(weakness);
        }
        Supervisor supervisor = new Supervisor(
                pid,
                supervision(hooks),
                new CommandRestarter(command, launch, hooks, handOff.journal),
                listeners,
                Ticker.SYSTEM);
        listeners.add(new StopOnLoss(supervisor));
        supervisor.add(new SignalSource(handOff.signals, handOff.wait.sentForServer(), supervisor));
        addChannels(channels, supervisor, listeners);
        supervisor.add(new ChildSource(supervisor, Ticker.SYSTEM));
        Host share = share(channels, command, environment, supervisor);
        RunningServer server = new RunningServer(command, environment, launch, channels, hooks, handOff.wait, share);
        handOff.steps.reached(Step.RUN_READY);
        try (share;
                ClientWatch client = client(supervisor);
                ControlEndpoint control = new ControlEndpoint(
                        handOff.settings, server, handOff.journal, keeper, supervisor, Ticker.SYSTEM);
                writer; // closed after those that write by it
                InstanceRegistration registration = registration(server, keeper, writer);
                StaleCleaning cleaning = cleaning();
                InstanceMetrics metrics = metrics(keeper, environment, supervisor);
                history) {
            supervisor.add(history);
            if (client != null) {
                supervisor.add(client);
            }
            if (registration != null) {
                supervisor.add(registration);
                listeners.add(registration);
            }
            if (cleaning != null) {
                supervisor.add(cleaning);
            }
            if (metrics != null) {
                supervisor.add(metrics);
                listeners.add(metrics);
            }
            if (handOff.tenure.hasPath()) {
                supervisor.add(control); // nobody could find it
                listeners.add(control);
                supervisor.add(new ReachCheck(supervisor, listeners, handOff.journal, Ticker.SYSTEM));
                supervisor.add(new LockWatch(handOff.tenure, listeners, handOff.journal, Ticker.SYSTEM));
            }
            if (share == null) {
                return supervisor.run();
            }
            supervisor.add(share);
            listeners.add(share);
            if (entrance != null) {
                share.open(
                        entrance,
                        new HttpEntrance.Instance(
                                starting.instanceId(),
                                handOff.settings.instance().name()),
                        tokenFile());
            }
            Supervisor.Outcome outcome = supervisor.run();
            share.over(outcome.status());
            return outcome;
        }
    }

    /** Only where clients share the server: all that they say to each other goes through it. */
    private @Nullable Host share(
            ServerChannels channels, ResolvedCommand command, Environment environment, Supervisor supervisor) {
        ServerPipes pipes = channels.latest().pipes();
        if (pipes == null || handOff.settings.instance().share().isEmpty()) {
            return null;
        }
        ShareSettings share = handOff.settings.instance().share().get();
        IdentityLikeness likeness = new IdentityLikeness(
                Identity.of(command, environment, handOff.settings.context(), share),
                SaidDigests.of(handOff.settings.instance().said()),
                share);
        Host host = new Host(
                share,
                pipes,
                likeness,
                handOff.settings.server().stop().grace(),
                handOff.tenure::isBeingTakenOver,
                supervisor,
                handOff.journal,
                Ticker.SYSTEM);
        OutputTap output = channels.latest().output();
        if (output != null && share.copiesStderr()) {
            output.copyStderr(host::copyStderr);
        }
        return host;
    }

    private Optional<String> tokenFile() {
        return handOff.settings
                .instance()
                .share()
                .flatMap(ShareSettings::http)
                .flatMap(http -> http.tokenFile(handOff.settings.instance().name()));
    }

    /** By what the server tells of itself: served before the reaping, since it may speak at its end. */
    private void addChannels(ServerChannels channels, Supervisor supervisor, InstanceListeners listeners) {
        ServerSeat seat = channels.latest();
        if (seat.socket() != null) {
            NotificationSource source = new NotificationSource(seat.socket(), supervisor, Ticker.SYSTEM);
            supervisor.add(source);
            seat.isReadBy(source);
        }
        OutputTap output = seat.output();
        if (output != null) {
            output.reportTo(supervisor);
            supervisor.add(output);
            listeners.add(output);
        }
        if (!handOff.settings.server().readiness().url().isEmpty()) {
            supervisor.add(new ReadinessSource(supervisor));
            channels.urlIsLookedAt();
        }
        ReadyPipe pipe = seat.readyPipe();
        if (pipe != null) {
            pipe.join(supervisor);
            CallersReadyPipe.of(
                            pipe.number(),
                            handOff.settings.caller(),
                            handOff.settings.instance().name(),
                            handOff.journal)
                    .ifPresent(listeners::add);
        }
    }

    /** Nobody is watched unless that was asked for. */
    private @Nullable ClientWatch client(Supervisor supervisor) {
        return handOff.settings.instance().watchClient()
                ? new ClientWatch(handOff.settings.caller().parentPid(), supervisor)
                : null;
    }

    private Optional<String> trackingFolder() {
        Optional<TrackingSettings> tracking = handOff.settings.instance().tracking();
        return tracking.isPresent() ? tracking.get().folder() : Optional.empty();
    }

    /** Each instance has a file, unless that was not wanted. */
    private @Nullable InstanceRegistration registration(RunningServer server, RecordKeeper keeper, HomeWriter writer) {
        boolean isOff = handOff.settings.instance().tracking().isPresent()
                && !handOff.settings.instance().tracking().get().isOn();
        return isOff ? null : new InstanceRegistration(handOff.settings, server, keeper, writer, Ticker.SYSTEM);
    }

    /** Served only when that was asked for. */
    private @Nullable InstanceMetrics metrics(RecordKeeper keeper, Environment environment, Supervisor supervisor) {
        if (handOff.settings.instance().metrics().isEmpty()) {
            return null;
        }
        return new InstanceMetrics(
                handOff.settings.instance().metrics().get(),
                keeper.record().instanceId(),
                handOff.settings.instance().tracking().isPresent()
                        ? handOff.settings.instance().tracking().get().folder()
                        : Optional.empty(),
                environment,
                supervisor,
                handOff.journal,
                Ticker.SYSTEM);
    }

    /** Nothing to clear away where the instance is the only one of its name. */
    private @Nullable StaleCleaning cleaning() {
        return handOff.settings.parallelInstances().isEmpty()
                ? null
                : new StaleCleaning(handOff.settings.parallelInstances().get(), Ticker.SYSTEM);
    }

    private SupervisorSettings supervision(Hooks hooks) {
        ServerSettings server = handOff.settings.server();
        return new SupervisorSettings(
                server.stop(),
                handOff.settings.instance().watchClient(),
                server.forwarding(),
                handOff.hangUpIgnored,
                server.readiness(),
                handOff.settings.instance().share().isPresent(),
                hooks.ready(server.readiness().command()),
                server.restart());
    }
}
