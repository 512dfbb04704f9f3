package dev.holdfast.config;

import dev.holdfast.settings.ActivationSettings;
import dev.holdfast.settings.ConflictSettings;
import dev.holdfast.settings.InstanceSettings;
import dev.holdfast.settings.LogSettings;
import dev.holdfast.settings.NetworkPolicy;
import dev.holdfast.settings.OutputSettings;
import dev.holdfast.settings.ProcessSettings;
import dev.holdfast.settings.ServerSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that {@code holdfast run} was told, checked.
 *
 * @param instance who the instance is
 * @param lockPath its lock file; of instances side by side, what each one's own is named after
 * @param network what becomes of it on a network file system
 * @param coordination how instances of the name run side by side; empty for a singleton
 * @param conflict what to do when another instance runs
 * @param server how the server is looked after
 * @param activation how an instance is told of a second launch; empty when neither this one nor another is to be
 * @param process what is different in its process; empty for nothing
 * @param output where its output is kept; empty for nowhere
 * @param exitMap the exit code to end with, by the server's
 * @param explain whether to tell only
 * @param log what the launcher logs
 * @param warnings what was said and has no effect, one line each
 */
public record RunSettings(
        InstanceSettings instance,
        String lockPath,
        NetworkPolicy network,
        Optional<CoordinationOptions> coordination,
        ConflictSettings conflict,
        ServerSettings server,
        Optional<ActivationSettings> activation,
        Optional<ProcessSettings> process,
        Optional<OutputSettings> output,
        Map<Integer, Integer> exitMap,
        boolean explain,
        LogSettings log,
        List<String> warnings) {
    /** Copies the collections. */
    public RunSettings {
        exitMap = Map.copyOf(exitMap);
        warnings = List.copyOf(warnings);
    }

    /**
     * The same where nobody looks: output goes to its file alone, and there is no client to be watched.
     *
     * @param endsWithClients whether a shared server's host leaves after its last client
     */
    public RunSettings inBackground(boolean endsWithClients) {
        return new RunSettings(
                endsWithClients
                        ? instance.withoutClientWatch()
                        : instance.withoutClientWatch().stayingWithoutClients(),
                lockPath,
                network,
                coordination,
                conflict.withoutClient(),
                server,
                activation,
                process,
                output.isPresent() ? Optional.of(output.get().asOnlyPlace()) : output,
                exitMap,
                explain,
                log,
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
