package dev.holdfast.config;

import dev.holdfast.settings.HookSettings;
import dev.holdfast.settings.ReadinessSettings;
import dev.holdfast.settings.RestartPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that {@code holdfast run} was told, checked.
 *
 * @param name the instance
 * @param nameOrigin {@code given}; {@code command} when it was derived; {@code folder} when it was, and a forced start must
 *     look whether the folder is the same
 * @param lockPath its lock file; of instances side by side, what each one's own is named after
 * @param allowNetworkLock whether it may be on a network file system
 * @param coordination how instances of the name get along
 * @param onConflict {@code fail}, {@code wait}, {@code takeover} or {@code skip}
 * @param waitTimeout how long to wait; empty for ever
 * @param conflictExitCode exit code of a refusal
 * @param grace from stop signal to SIGKILL
 * @param stopSignal what the server gets on a stop; 0 for the signal that was received
 * @param forwardTo {@code child}, {@code group} or {@code tree}
 * @param signalMap what the server gets instead, by the signal that came; 0 drops it
 * @param reloadOnHangUp whether HUP does not stop
 * @param killMode {@code tree}, {@code group} or {@code child}
 * @param exitMap the exit code to end with, by the server's
 * @param transport to be recorded
 * @param watchClient whether stdio was said
 * @param appVersion to be recorded
 * @param handOff {@code supervise} or {@code exec}
 * @param deathSignal {@code term}, {@code kill} or {@code none}
 * @param readiness how the server shows that it is ready
 * @param restart whether it is started again
 * @param hooks commands around it
 * @param process what is different in its process
 * @param explain whether to tell only
 * @param logLevel {@code debug}, {@code info}, {@code warn}, {@code error} or {@code off}
 * @param logAsJson whether log lines are JSON
 * @param logFile where log lines go; empty for stderr
 * @param warnings what was said and has no effect, one line each
 */
public record RunSettings(
        String name,
        String nameOrigin,
        String lockPath,
        boolean allowNetworkLock,
        CoordinationOptions coordination,
        String onConflict,
        Optional<Duration> waitTimeout,
        int conflictExitCode,
        Duration grace,
        int stopSignal,
        String forwardTo,
        Map<Integer, Integer> signalMap,
        boolean reloadOnHangUp,
        String killMode,
        Map<Integer, Integer> exitMap,
        String transport,
        boolean watchClient,
        String appVersion,
        String handOff,
        String deathSignal,
        ReadinessSettings readiness,
        RestartPolicy restart,
        HookSettings hooks,
        ProcessOptions process,
        boolean explain,
        String logLevel,
        boolean logAsJson,
        Optional<String> logFile,
        List<String> warnings) {
    /** Copies the collections. */
    public RunSettings {
        signalMap = Map.copyOf(signalMap);
        exitMap = Map.copyOf(exitMap);
        warnings = List.copyOf(warnings);
    }
}
