package dev.holdfast.config;

import dev.holdfast.settings.ActivationSettings;
import dev.holdfast.settings.ConflictPolicy;
import dev.holdfast.settings.HandOff;
import dev.holdfast.settings.HookSettings;
import dev.holdfast.settings.KillMode;
import dev.holdfast.settings.LauncherDeath;
import dev.holdfast.settings.LogFormat;
import dev.holdfast.settings.LogLevel;
import dev.holdfast.settings.NameOrigin;
import dev.holdfast.settings.OutputSettings;
import dev.holdfast.settings.ReadinessSettings;
import dev.holdfast.settings.RestartPolicy;
import dev.holdfast.settings.SignalTarget;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that {@code holdfast run} was told, checked.
 *
 * @param name the instance
 * @param nameOrigin where its name comes from
 * @param lockPath its lock file; of instances side by side, what each one's own is named after
 * @param allowNetworkLock whether it may be on a network file system
 * @param coordination how instances of the name run side by side; empty for a singleton
 * @param onConflict what to do when another instance runs
 * @param waitTimeout how long to wait; empty for ever
 * @param conflictExitCode exit code of a refusal
 * @param grace from stop signal to SIGKILL
 * @param stopSignal what the server gets on a stop; 0 for the signal that was received
 * @param forwardTo who gets signals
 * @param signalMap what the server gets instead, by the signal that came; 0 drops it
 * @param reloadOnHangUp whether HUP does not stop
 * @param killMode what is ended together with the server
 * @param exitMap the exit code to end with, by the server's
 * @param transport to be recorded
 * @param watchClient whether stdio was said
 * @param appVersion to be recorded
 * @param handOff whether the launcher stays
 * @param deathSignal what the server gets when the launcher is killed
 * @param readiness how the server shows that it is ready
 * @param restart whether it is started again
 * @param hooks commands around it
 * @param activation how an instance is told of a second launch; empty when neither this one nor another is to be
 * @param process what is different in its process; empty for nothing
 * @param output where its output is kept; empty for nowhere
 * @param explain whether to tell only
 * @param logLevel what is logged, and all that matters more
 * @param logFormat the form of log lines
 * @param logFile where log lines go; empty for stderr
 * @param warnings what was said and has no effect, one line each
 */
public record RunSettings(
        String name,
        NameOrigin nameOrigin,
        String lockPath,
        boolean allowNetworkLock,
        Optional<CoordinationOptions> coordination,
        ConflictPolicy onConflict,
        Optional<Duration> waitTimeout,
        int conflictExitCode,
        Duration grace,
        int stopSignal,
        SignalTarget forwardTo,
        Map<Integer, Integer> signalMap,
        boolean reloadOnHangUp,
        KillMode killMode,
        Map<Integer, Integer> exitMap,
        String transport,
        boolean watchClient,
        String appVersion,
        HandOff handOff,
        LauncherDeath deathSignal,
        ReadinessSettings readiness,
        RestartPolicy restart,
        HookSettings hooks,
        Optional<ActivationSettings> activation,
        Optional<ProcessOptions> process,
        Optional<OutputSettings> output,
        boolean explain,
        LogLevel logLevel,
        LogFormat logFormat,
        Optional<String> logFile,
        List<String> warnings) {
    /** Copies the collections. */
    public RunSettings {
        signalMap = Map.copyOf(signalMap);
        exitMap = Map.copyOf(exitMap);
        warnings = List.copyOf(warnings);
    }

    /** The same where nobody looks: output goes to its file alone, and there is no client to be watched. */
    public RunSettings inBackground() {
        return new RunSettings(
                name,
                nameOrigin,
                lockPath,
                allowNetworkLock,
                coordination,
                onConflict,
                waitTimeout,
                conflictExitCode,
                grace,
                stopSignal,
                forwardTo,
                signalMap,
                reloadOnHangUp,
                killMode,
                exitMap,
                transport,
                false,
                appVersion,
                handOff,
                deathSignal,
                readiness,
                restart,
                hooks,
                activation,
                process,
                output.map(OutputSettings::asOnlyPlace),
                explain,
                logLevel,
                logFormat,
                logFile,
                warnings);
    }

    /** The lock that instances side by side take in turns for their data. */
    public Optional<String> dataLock() {
        return coordination.isPresent() ? coordination.get().dataLock() : Optional.empty();
    }

    /** Whether an instance runs also where no lock file can be made: there is nobody whom it would keep out. */
    public boolean needsNoFile() {
        return coordination.isPresent() && dataLock().isEmpty();
    }
}
