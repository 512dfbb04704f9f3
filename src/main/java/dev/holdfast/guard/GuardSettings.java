package dev.holdfast.guard;

import dev.holdfast.command.ProcessSettings;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.settings.ActivationSettings;
import dev.holdfast.settings.Caller;
import dev.holdfast.settings.ConflictPolicy;
import dev.holdfast.settings.HandOff;
import dev.holdfast.settings.HookSettings;
import dev.holdfast.settings.KillMode;
import dev.holdfast.settings.LauncherDeath;
import dev.holdfast.settings.NameOrigin;
import dev.holdfast.settings.OutputSettings;
import dev.holdfast.settings.ReadinessSettings;
import dev.holdfast.settings.RestartPolicy;
import dev.holdfast.supervise.Forwarding;
import java.time.Duration;
import java.util.Optional;

/**
 * How a server is to be guarded.
 *
 * @param name the instance
 * @param nameOrigin where its name comes from
 * @param caller who started the launcher, and what it passed on
 * @param lockFile where its lock is
 * @param neighbours the instances of this name that may run beside it; empty when it is to be the only one
 * @param policy what to do on a conflict
 * @param waitTimeout how long to wait for another instance; empty for ever
 * @param grace from the stop signal to SIGKILL
 * @param stopSignal what the server gets on a stop; 0 for the signal that was received
 * @param transport recorded; how clients talk to the server
 * @param watchClient whether the closing of stdin and the parent's death are stop requests
 * @param version recorded; the server's version
 * @param forwarding what becomes of signals
 * @param killMode what is ended together with the server
 * @param handOff whether the launcher stays
 * @param readiness how the server shows that it is ready
 * @param output where its output is kept; empty for nowhere
 * @param restart whether it is started again
 * @param deathSignal what the server gets when the launcher is killed
 * @param process what is different in the server's process
 * @param hooks the commands around it
 * @param activation how the server is told of a second launch, and for how long this start waits when it is one; empty
 *     for neither
 */
public record GuardSettings(
        String name,
        NameOrigin nameOrigin,
        Caller caller,
        LockFile lockFile,
        Optional<ParallelInstances> neighbours,
        ConflictPolicy policy,
        Optional<Duration> waitTimeout,
        Duration grace,
        int stopSignal,
        String transport,
        boolean watchClient,
        String version,
        Forwarding forwarding,
        KillMode killMode,
        HandOff handOff,
        ReadinessSettings readiness,
        Optional<OutputSettings> output,
        RestartPolicy restart,
        LauncherDeath deathSignal,
        ProcessSettings process,
        HookSettings hooks,
        Optional<ActivationSettings> activation) {
    /** Whether nothing of the server's tree outlives it. */
    boolean killsTree() {
        return killMode == KillMode.TREE;
    }
}
