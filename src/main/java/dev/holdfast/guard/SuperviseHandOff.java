package dev.holdfast.guard;

import dev.holdfast.classpath.SecondClassPath;
import dev.holdfast.command.CommandException;
import dev.holdfast.command.Environment;
import dev.holdfast.command.ResolvedCommand;
import dev.holdfast.hook.Hooks;
import dev.holdfast.journal.Journal;
import dev.holdfast.listen.ListeningSockets;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.Step;
import dev.holdfast.lock.file.Steps;
import dev.holdfast.posix.processes.Children;
import dev.holdfast.posix.signals.SignalQueue;
import dev.holdfast.settings.ShareHttp;
import dev.holdfast.settings.ShareSettings;
import dev.holdfast.share.host.HttpEntrance;
import dev.holdfast.supervise.LastDefence;
import dev.holdfast.supervise.Supervisor;
import dev.holdfast.tenure.Tenure;
import dev.holdfast.waiting.EventWait;
import dev.holdfast.waiting.Ticker;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The server's run under a held lock, with the launcher staying: start it, keep its record, watch it to its end. */
final class SuperviseHandOff {
    final GuardSettings settings;
    final Tenure tenure;
    final SignalQueue signals;
    final EventWait wait;
    final boolean hangUpIgnored;
    final Journal journal;
    final Steps steps;
    /** Null when there is nothing to tell of them. */
    @Nullable
    Predecessors predecessors;

    private boolean treeIsGone = true;
    private boolean hasStarted;

    SuperviseHandOff(
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

    /** Whether nothing of the server is left, so that the lock may be released. Also after a failure. */
    boolean isTreeGone() {
        return treeIsGone;
    }

    /** Whether there was a server, to which stdin and stdout belong. */
    boolean hasStarted() {
        return hasStarted;
    }

    /**
     * Runs the server to its end. Blocks.
     *
     * @param command what to run
     * @param environment what it is started with
     * @param starting the record of this instance, in which the server is written down
     * @param hooks the commands around it; the first one before it has been run
     * @param sockets what it listens on, of the launcher's own; closed by whoever opened them
     * @throws CommandException if the command cannot be started
     */
    GuardOutcome run(
            ResolvedCommand command,
            Environment environment,
            LockRecord starting,
            Hooks hooks,
            Optional<ListeningSockets> sockets) {
        Children.becomeSubreaper();
        try (ServerChannels channels = ServerChannels.open(settings, starting.instanceId(), journal);
                HttpEntrance entrance = entrance()) {
            ServerLaunch launch = new ServerLaunch(
                    tenure,
                    channels.addTo(
                            sockets.isPresent() ? sockets.get().addTo(environment) : environment,
                            settings.server().readiness()),
                    hangUpIgnored,
                    settings.server().stop().killsTree(),
                    settings.caller().descriptors(),
                    settings.server().stop().launcherDeath().signal(),
                    settings.context(),
                    sockets,
                    channels.latest());
            LastDefence defence = null;
            try {
                int pid = command.start(launch);
                treeIsGone = false;
                hasStarted = true;
                steps.reached(Step.RUN_SPAWNED);
                defence = defence();
                Supervisor.Outcome outcome = new SupervisorWiring(this, entrance)
                        .run(pid, starting, channels, command, launch, environment, hooks);
                treeIsGone = outcome.treeIsGone();
                return new GuardOutcome.Ended(outcome.status(), outcome.failed(), outcome.ofInterruptKey());
            } catch (RuntimeException | Error e) {
                List<Integer> servers = launch.servers();
                if (!servers.isEmpty()) {
                    hasStarted = true;
                    treeIsGone = (defence == null ? defence() : defence).end(servers);
                }
                throw e;
            }
        }
    }

    /** Before the server starts: that its clients cannot come in is told before it has done anything. */
    private @Nullable HttpEntrance entrance() {
        Optional<ShareSettings> share = settings.instance().share();
        if (share.isEmpty() || share.get().http().isEmpty()) {
            return null;
        }
        ShareHttp http = share.get().http().get();
        HttpEntrance entrance = SecondClassPath.load(HttpEntrance.class, HttpEntrance.IMPLEMENTATION);
        entrance.bind(http.port(), http.tokenFile(settings.instance().name()));
        return entrance;
    }

    private LastDefence defence() {
        return new LastDefence(
                settings.server().stop().grace(), settings.server().stop().killMode(), Ticker.SYSTEM);
    }
}
