package dev.holdfast.guard;

import dev.holdfast.command.ServerContext;
import dev.holdfast.control.RedeployOrder;
import dev.holdfast.hook.Hooks;
import dev.holdfast.hook.ReadyCommandStarter;
import dev.holdfast.journal.Journal;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.settings.ListenSettings;
import dev.holdfast.settings.ProcessSettings;
import dev.holdfast.settings.ServerSettings;
import dev.holdfast.supervise.Supervisor;
import dev.holdfast.supervise.SupervisorSettings;
import java.util.List;

/** Makes a launcher's deployments, and knows what it cannot have, as it was started. */
final class DeploymentFactory {
    private static final ListenSettings NO_SOCKETS = new ListenSettings(List.of(), false);

    private final GuardSettings settings;
    private final RunningServer first;
    private final Supervisor supervisor;
    private final Deployment.Entrance entrance;
    private final Journal journal;

    DeploymentFactory(
            GuardSettings settings,
            RunningServer first,
            Supervisor supervisor,
            Deployment.Entrance entrance,
            Journal journal) {
        this.settings = settings;
        this.first = first;
        this.supervisor = supervisor;
        this.entrance = entrance;
        this.journal = journal;
    }

    /** The one that the launcher was started with. */
    Deployment running() {
        Deployment running = new Deployment(
                firstParts(), supervisor.plan().restarter(), supervisor.plan().settings(), entrance);
        running.isStarted();
        return running;
    }

    private Deployment.Parts firstParts() {
        ServerContext context = settings.context();
        String folder = context.workingDirectory().orElseGet(Self::workingDirectory);
        ProcessSettings process =
                context.settings().orElseGet(ProcessSettings::none).in(folder);
        return new Deployment.Parts(
                first.command(),
                first.environment(),
                context,
                process,
                folder,
                settings.server(),
                settings.instance().version());
    }

    /**
     * What was ordered.
     *
     * @param current what counts for all that the order does not say
     * @throws dev.holdfast.command.CommandException if its command cannot be found or started
     * @throws dev.holdfast.command.ProcessSettingsException if its process cannot be made so
     */
    Deployment ordered(RedeployOrder order, Deployment current) {
        Deployment.Parts parts = new NewDeployment(order, current.parts()).parts(first.environment());
        ServerSettings server = parts.server();
        Hooks hooks = hooks(parts);
        SupervisorSettings before = supervisor.plan().settings();
        SupervisorSettings supervision = new SupervisorSettings(
                server.stop(),
                before.watchClient(),
                before.forwarding(),
                before.hangUpIgnored(),
                server.readiness(),
                before.endsInputFirst(),
                hooks.ready(server.readiness().command()),
                before.restart());
        return new Deployment(
                parts, new CommandRestarter(parts.command(), first.launch(), hooks, journal), supervision, entrance);
    }

    private Hooks hooks(Deployment.Parts parts) {
        return new Hooks(
                settings.instance().name(),
                parts.server().hooks(),
                parts.context(),
                parts.server().stop().grace(),
                parts.environment(),
                first.stopWait(),
                journal);
    }

    /** Starts the command of {@code --check}. */
    ReadyCommandStarter.Run check(Deployment deployment, String command) {
        return hooks(deployment.parts()).check(command);
    }

    /** What this launcher cannot have, as it was started; empty for nothing. */
    String obstacle(Deployment deployment, boolean overlaps) {
        if (overlaps && settings.instance().watchClient()) {
            return "--overlap would let two servers read what the client says; without it the new one is started after"
                    + " the old one";
        }
        ServerSettings server = deployment.parts().server();
        String atSockets = new SocketReadiness(
                        server.readiness(),
                        server.listen().orElse(NO_SOCKETS),
                        first.launch().listening())
                .obstacle(overlaps);
        if (!atSockets.isEmpty()) {
            return atSockets;
        }
        return !server.readiness().logPattern().isEmpty()
                        && first.channels().latest().output() == null
                ? "--ready-log reads the server's output, which does not pass through this launcher; it does when the"
                        + " instance is started with --output or --ready-log, or by holdfast start"
                : "";
    }
}
