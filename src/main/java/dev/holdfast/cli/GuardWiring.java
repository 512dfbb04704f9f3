package dev.holdfast.cli;

import dev.holdfast.command.ProcessSettings;
import dev.holdfast.config.RunSettings;
import dev.holdfast.guard.GuardSettings;
import dev.holdfast.guard.SideBySide;
import dev.holdfast.lock.NetworkLocks;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.settings.ConflictPolicy;
import dev.holdfast.settings.HandOff;
import dev.holdfast.settings.KillMode;
import dev.holdfast.settings.NameOrigin;
import dev.holdfast.supervise.Forwarding;
import java.util.Locale;
import java.util.Optional;

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
                settings.readiness(),
                settings.restart(),
                deathSignal(settings),
                process,
                settings.hooks());
    }

    static LockFile lockFile(RunSettings settings) {
        LockFile file = LockFile.at(settings.lockPath());
        return settings.allowNetworkLock() ? file.with(NetworkLocks.ALLOW) : file;
    }

    private static int deathSignal(RunSettings settings) {
        return switch (settings.deathSignal()) {
            case "none" -> 0;
            case "kill" -> Signals.KILL;
            default -> Signals.TERM;
        };
    }
}
