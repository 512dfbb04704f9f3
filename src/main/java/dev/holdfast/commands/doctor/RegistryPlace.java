package dev.holdfast.commands.doctor;

import dev.holdfast.command.Environment;
import dev.holdfast.config.CommandArguments;
import dev.holdfast.config.RunArguments;
import dev.holdfast.config.RunOption;
import dev.holdfast.config.TrackingPlace;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.registry.InstanceEntry;
import dev.holdfast.registry.InstancesFolder;
import dev.holdfast.settings.ConflictDetection;
import dev.holdfast.text.ShellWord;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The registry as this command's options, its environment and the configuration file say it.
 *
 * @param folder its folder; empty when the user has no home
 * @param isOn whether instances that are started like this register
 * @param level how much two instances may have in common before that is told
 * @param isTyped whether its folder was typed: then another command finds it only when it is told, too
 */
public record RegistryPlace(Optional<String> folder, boolean isOn, ConflictDetection level, boolean isTyped) {
    /** Without options. */
    public static RegistryPlace ofThisProcess() {
        return of(new RunArguments(Map.of(), 0));
    }

    /**
     * With the options of a command.
     *
     * @throws dev.holdfast.config.SettingsException if anything of it cannot be
     */
    static RegistryPlace of(CommandArguments arguments) {
        return of(new RunArguments(arguments.ofRun(), 0));
    }

    private static RegistryPlace of(RunArguments arguments) {
        TrackingPlace place = TrackingPlace.of(
                arguments, Environment.ofThisProcess()::value, Self.workingDirectory(), Self.effectiveUser());
        return new RegistryPlace(
                place.folder(), place.isOn(), place.level(), arguments.values().containsKey(RunOption.TRACKING_DIR));
    }

    /** The command that clears away what is left in this registry, for a shell; options may follow. */
    public String resolveCommand() {
        return isTyped && folder.isPresent()
                ? "holdfast resolve --tracking-dir " + ShellWord.quoted(folder.get())
                : "holdfast resolve";
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
