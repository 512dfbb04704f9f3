package dev.holdfast.config;

import dev.holdfast.settings.CoordinationMode;
import dev.holdfast.text.Printable;
import java.util.Optional;

/**
 * How instances of one name run side by side.
 *
 * @param mode never {@link CoordinationMode#SINGLETON}
 * @param dataLock the lock that instances side by side take in turns for their data; empty unless the mode is
 *     {@code file_lock}
 */
public record CoordinationOptions(CoordinationMode mode, Optional<String> dataLock) {
    /** In the data's own folder, so that containers which share only that exclude each other, too. */
    private static final String IN_DATA_FOLDER = ".holdfast.lock";

    static Optional<CoordinationOptions> read(
            OptionValues values, LockPlace lock, String name, String workingDirectory, int user) {
        CoordinationMode mode = values.choice(RunOption.COORDINATION, CoordinationMode.values());
        if (mode == CoordinationMode.SINGLETON) {
            return Optional.empty();
        }
        refuseWhatMeansOneLock(values, mode);
        if (mode == CoordinationMode.NONE) {
            values.warn("coordination is off: nothing keeps instances of \"" + Printable.text(name)
                    + "\" from running at once or from writing the same data at once");
            return Optional.of(new CoordinationOptions(mode, Optional.empty()));
        }
        Optional<String> folder = values.nonEmpty(RunOption.DATA_DIR, "name a folder");
        String path =
                folder.isPresent() ? folder.get().split(",", -1)[0] + "/" + IN_DATA_FOLDER : lock.dataLock(name, user);
        return Optional.of(new CoordinationOptions(mode, Optional.of(LockPlace.absolute(path, workingDirectory))));
    }

    /** Where instances run side by side there is no conflict to decide. */
    private static void refuseWhatMeansOneLock(OptionValues values, CoordinationMode mode) {
        if (values.isSet(RunOption.LOCK_FILE)) {
            values.problem(
                    RunOption.LOCK_FILE,
                    "names one lock, and with --coordination " + mode + " each instance has its own; use --lock-dir");
        }
        for (RunOption option : new RunOption[] {
            RunOption.FORCE, RunOption.ON_CONFLICT, RunOption.WAIT_TIMEOUT, RunOption.ON_CONFLICT_COMMAND
        }) {
            // Switched off is what it is anyhow.
            if (option == RunOption.FORCE ? values.isOn(option) : values.isSet(option)) {
                values.warn(values.value(option).place() + " has no effect with --coordination " + mode
                        + ": instances do not conflict");
            }
        }
    }
}
