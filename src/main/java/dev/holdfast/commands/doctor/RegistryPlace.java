package dev.holdfast.commands.doctor;

import dev.holdfast.command.Environment;
import dev.holdfast.config.HistoryPlace;
import dev.holdfast.config.LockPlace;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.registry.InstanceEntry;
import dev.holdfast.registry.InstancesFolder;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The registry as the environment of this command says it.
 *
 * @param folder its folder; empty when the user has no home
 * @param isOn whether instances that are started with this environment register
 */
public record RegistryPlace(Optional<String> folder, boolean isOn) {
    private static final Set<String> OFF = Set.of("false", "0", "no", "off");

    /** By the variables of this process. */
    public static RegistryPlace ofThisProcess() {
        Environment environment = Environment.ofThisProcess();
        String said = environment.value("HOLDFAST_INSTANCE__TRACKING_DIR");
        boolean isOn = !OFF.contains(
                environment.value("HOLDFAST_INSTANCE__TRACKING_ENABLED").trim().toLowerCase(Locale.ROOT));
        if (!said.isEmpty()) {
            return new RegistryPlace(Optional.of(LockPlace.absolute(said, Self.workingDirectory())), isOn);
        }
        Optional<String> history = HistoryPlace.path(environment::value, Self.workingDirectory(), Self.effectiveUser());
        return new RegistryPlace(history.map(path -> path.substring(0, path.lastIndexOf('/')) + "/instances"), isOn);
    }

    /**
     * All entries; none when there is no folder.
     *
     * @throws dev.holdfast.registry.RegistryException if it is there and cannot be used
     */
    public List<InstanceEntry> entries() {
        if (folder.isEmpty() || FileStatus.ofTarget(folder.get()).isEmpty()) {
            return List.of();
        }
        try (InstancesFolder open = InstancesFolder.open(folder.get())) {
            return open.list();
        }
    }
}
