package dev.holdfast.guard;

import dev.holdfast.command.CallersEnvironment;
import dev.holdfast.command.Environment;
import dev.holdfast.command.ResolvedCommand;
import dev.holdfast.command.ServerContext;
import dev.holdfast.config.RunOption;
import dev.holdfast.control.RedeployOrder;
import dev.holdfast.settings.HookSettings;
import dev.holdfast.settings.ProcessSettings;
import dev.holdfast.settings.ReadinessSettings;
import dev.holdfast.settings.ServerSettings;
import dev.holdfast.settings.StopSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Makes a deployment of what was ordered: what was not said stays as it is. All that can fail without a start has been
 * tried then: user, folder, files and command.
 */
final class NewDeployment {
    /** What is the instance's, and not a command's. */
    private static final List<String> OF_INSTANCE = List.of(
            "HOLDFAST_NAME",
            "HOLDFAST_INSTANCE_ID",
            "HOLDFAST_LOCK_FILE",
            "LISTEN_PID",
            "LISTEN_FDS",
            "LISTEN_FDNAMES");

    private static final List<RunOption> WAYS_TO_BE_READY = List.of(
            RunOption.READY_PORT,
            RunOption.READY_HTTP,
            RunOption.READY_LOG,
            RunOption.READY_COMMAND,
            RunOption.READY_FD);

    private final RedeployOrder order;
    private final Deployment.Parts now;

    NewDeployment(RedeployOrder order, Deployment.Parts now) {
        this.order = order;
        this.now = now;
    }

    /**
     * What it is made of.
     *
     * @param instances the environment of this instance's first server
     * @throws dev.holdfast.command.CommandException if there is no such command, or it may not be executed
     * @throws dev.holdfast.command.ProcessSettingsException if its user, folder or files cannot be had
     */
    Deployment.Parts parts(Environment instances) {
        ProcessSettings process = process();
        ServerContext context = ServerContext.of(process);
        Environment base = order.has(RedeployOrder.KEEP_ENVIRONMENT)
                ? CallersEnvironment.forServer(now.environment())
                : CallersEnvironment.forServer(Environment.of(order.environment()));
        Environment environment = context.environment(base).with(ofInstance(instances));
        ResolvedCommand command = ResolvedCommand.resolve(order.command(), environment.bytes("PATH"), context);
        return new Deployment.Parts(
                command,
                environment,
                context,
                process,
                process.workingDirectory().orElse("/"),
                server(),
                order.text(RunOption.APP_VERSION.key(), now.version()));
    }

    private static List<byte[]> ofInstance(Environment instances) {
        List<byte[]> entries = new ArrayList<>();
        for (byte[] entry : instances.entries()) {
            String text = new String(entry, StandardCharsets.ISO_8859_1);
            int equals = text.indexOf('=');
            if (equals > 0 && OF_INSTANCE.contains(text.substring(0, equals))) {
                entries.add(entry);
            }
        }
        return entries;
    }

    private ProcessSettings process() {
        ProcessSettings old = now.process();
        return new ProcessSettings(
                Optional.of(order.text(RunOption.CWD.key(), order.folder())),
                number(RunOption.UMASK, old.umask()),
                text(RunOption.USER, old.user()),
                number(RunOption.NICE, old.niceness()),
                text(RunOption.GROUP, old.group()),
                number(RunOption.OOM_SCORE_ADJ, old.oomScoreAdjustment()),
                order.has(RunOption.ENV_FILE.key())
                        ? List.of(order.text(RunOption.ENV_FILE.key(), "").split("\n", -1))
                        : old.environmentFiles());
    }

    private OptionalInt number(RunOption option, OptionalInt otherwise) {
        return order.has(option.key()) ? OptionalInt.of((int) order.number(option.key(), 0)) : otherwise;
    }

    private Optional<String> text(RunOption option, Optional<String> otherwise) {
        return order.has(option.key()) ? Optional.of(order.text(option.key(), "")) : otherwise;
    }

    private Duration time(RunOption option, Duration otherwise) {
        return Duration.ofMillis(order.number(option.key(), otherwise.toMillis()));
    }

    private Optional<Duration> time(RunOption option, Optional<Duration> otherwise) {
        return order.has(option.key()) ? Optional.of(time(option, Duration.ZERO)) : otherwise;
    }

    private ServerSettings server() {
        ServerSettings old = now.server();
        HookSettings hooks = new HookSettings(
                order.text(RunOption.PRE_START.key(), old.hooks().preStart()),
                order.text(RunOption.POST_STOP.key(), old.hooks().postStop()),
                old.hooks().onConflict(),
                time(RunOption.HOOK_TIMEOUT, old.hooks().timeout()));
        StopSettings stop = new StopSettings(
                time(RunOption.GRACE, old.stop().grace()),
                (int) order.number(RunOption.STOP_SIGNAL.key(), old.stop().signal()),
                old.stop().killMode(),
                old.stop().launcherDeath());
        return new ServerSettings(
                stop, old.forwarding(), old.handOff(), readiness(hooks), old.restart(), hooks, old.listen());
    }

    /** Whoever says one way to be ready means this one, and not the one of another version, too. */
    private ReadinessSettings readiness(HookSettings hooks) {
        ReadinessSettings before = now.server().readiness();
        boolean isNew = false;
        for (RunOption option : WAYS_TO_BE_READY) {
            isNew |= order.has(option.key());
        }
        ReadinessSettings old = isNew
                ? new ReadinessSettings(before.timeout(), "", 0, "", 0, "", Duration.ZERO, before.watchdog())
                : before;
        return new ReadinessSettings(
                time(RunOption.READY_TIMEOUT, old.timeout()),
                order.text(RunOption.READY_HTTP.key(), old.url()),
                (int) order.number(RunOption.READY_PORT.key(), old.port()),
                order.text(RunOption.READY_LOG.key(), old.logPattern()),
                (int) order.number(RunOption.READY_FD.key(), old.descriptor()),
                order.text(RunOption.READY_COMMAND.key(), old.command()),
                isNew || order.has(RunOption.HOOK_TIMEOUT.key()) ? hooks.timeout() : old.commandTimeout(),
                time(RunOption.WATCHDOG, old.watchdog()));
    }
}
