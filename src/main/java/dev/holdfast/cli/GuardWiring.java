package dev.holdfast.cli;

import dev.holdfast.command.ProcessSettings;
import dev.holdfast.config.HookOptions;
import dev.holdfast.config.ReadinessOptions;
import dev.holdfast.config.RestartOptions;
import dev.holdfast.config.RunSettings;
import dev.holdfast.guard.GuardSettings;
import dev.holdfast.guard.SideBySide;
import dev.holdfast.lock.NetworkLocks;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.settings.ConflictPolicy;
import dev.holdfast.settings.HandOff;
import dev.holdfast.settings.HookSettings;
import dev.holdfast.settings.KillMode;
import dev.holdfast.settings.NameOrigin;
import dev.holdfast.settings.ReadinessSettings;
import dev.holdfast.supervise.Forwarding;
import dev.holdfast.supervise.RestartPolicy;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the guard is told, from what the user has said. */
final class GuardWiring {
    private GuardWiring() {}

    static GuardSettings settings(
            RunSettings settings, LockFile lockFile, Optional<SideBySide> neighbours, ProcessSettings process) {
        return new GuardSettings(
                settings.name(),
                NameOrigin.valueOf(settings.nameOrigin().toUpperCase(Locale.ROOT)),
                lockFile,
                neighbours,
                ConflictPolicy.valueOf(settings.onConflict().toUpperCase(Locale.ROOT)),
                settings.waitTimeout(),
                settings.grace(),
                settings.stopSignal(),
                settings.transport(),
                settings.watchClient(),
                settings.appVersion(),
                new Forwarding(
                        settings.signalMap(),
                        Forwarding.Target.valueOf(settings.forwardTo().toUpperCase(Locale.ROOT)),
                        settings.reloadOnHangUp()),
                KillMode.valueOf(settings.killMode().toUpperCase(Locale.ROOT)),
                HandOff.valueOf(settings.handOff().toUpperCase(Locale.ROOT)),
                readiness(settings.readiness(), settings.hooks().timeout()),
                restart(settings),
                deathSignal(settings),
                process,
                hooks(settings.hooks()));
    }

    static LockFile lockFile(RunSettings settings) {
        LockFile file = LockFile.at(settings.lockPath());
        return settings.allowNetworkLock() ? file.with(NetworkLocks.ALLOW) : file;
    }

    private static HookSettings hooks(HookOptions said) {
        return new HookSettings(said.preStart(), said.postStop(), said.onConflict(), said.timeout());
    }

    private static int deathSignal(RunSettings settings) {
        return switch (settings.deathSignal()) {
            case "none" -> 0;
            case "kill" -> Signals.KILL;
            default -> Signals.TERM;
        };
    }

    private static ReadinessSettings readiness(ReadinessOptions options, Duration commandTimeout) {
        return new ReadinessSettings(
                options.timeout(),
                options.port(),
                options.url(),
                options.logPattern(),
                options.command(),
                options.descriptor(),
                commandTimeout,
                options.watchdog());
    }

    private static RestartPolicy restart(RunSettings settings) {
        RestartOptions options = settings.restart();
        Set<Integer> successes = new HashSet<>();
        for (Map.Entry<Integer, Integer> mapped : settings.exitMap().entrySet()) {
            if (mapped.getValue() == 0) {
                successes.add(mapped.getKey());
            }
        }
        return new RestartPolicy(
                RestartPolicy.Mode.valueOf(
                        options.policy().toUpperCase(Locale.ROOT).replace('-', '_')),
                options.delay(),
                options.maxDelay(),
                options.limit(),
                options.window(),
                options.resetAfter(),
                successes);
    }
}
