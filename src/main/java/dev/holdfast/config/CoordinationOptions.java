package dev.holdfast.config;

import dev.holdfast.text.Printable;
import java.util.Optional;

/**
 * How instances of one name get along with each other.
 *
 * @param mode {@code singleton}, {@code file_lock} or {@code none}
 * @param dataLock the lock that instances side by side take in turns for their data; empty unless the mode is
 *     {@code file_lock}
 */
public record CoordinationOptions(String mode, Optional<String> dataLock) {
    private static final String SINGLETON = "singleton";
    private static final String FILE_LOCK = "file_lock";
    /** In the data's own folder, so that containers which share only that exclude each other, too. */
    private static final String IN_DATA_FOLDER = ".holdfast.lock";

    static CoordinationOptions read(
            OptionValues values, LockOptions lock, String name, String workingDirectory, int user) {
        String mode = values.isSaid(RunOption.COORDINATION)
                ? values.oneOf(RunOption.COORDINATION, SINGLETON, FILE_LOCK, "none")
                : SINGLETON;
        if (mode.equals(SINGLETON)) {
            if (values.isSaid(RunOption.DATA_DIR)) {
                values.problem(
                        RunOption.DATA_DIR, "needs --coordination file_lock: a singleton has its data to itself");
            }
            return new CoordinationOptions(mode, Optional.empty());
        }
        refuseWhatMeansOneLock(values, mode);
        if (mode.equals("none")) {
            values.warn("coordination is off: nothing keeps instances of \"" + Printable.text(name)
                    + "\" from running at once or from writing the same data at once");
            return new CoordinationOptions(mode, Optional.empty());
        }
        Optional<String> folder = values.nonEmpty(RunOption.DATA_DIR, "name a folder");
        String path = folder.isPresent() ? folder.get() + "/" + IN_DATA_FOLDER : lock.dataLock(name, user);
        return new CoordinationOptions(mode, Optional.of(LockOptions.absolute(path, workingDirectory)));
    }

    /** Where instances run side by side there is no conflict to decide. */
    private static void refuseWhatMeansOneLock(OptionValues values, String mode) {
        if (values.isSaid(RunOption.LOCK_FILE)) {
            values.problem(
                    RunOption.LOCK_FILE,
                    "names one lock, and with --coordination " + mode + " each instance has its own; use --lock-dir");
        }
        if (mode.equals("none") && values.isSaid(RunOption.DATA_DIR)) {
            values.problem(RunOption.DATA_DIR, "needs --coordination file_lock");
        }
        for (RunOption option : new RunOption[] {
            RunOption.FORCE, RunOption.ON_CONFLICT, RunOption.WAIT_TIMEOUT, RunOption.ON_CONFLICT_COMMAND
        }) {
            // Switched off is what it is anyhow.
            if (option == RunOption.FORCE ? values.isOn(option) : values.isSaid(option)) {
                values.warn(values.said(option).place() + " has no effect with --coordination " + mode
                        + ": instances do not conflict");
            }
        }
    }

    /**
     * Whether an instance runs also where no lock file can be made: there is nobody whom it would keep out.
     *
     * @return true when coordination is off
     */
    public boolean needsNoFile() {
        return !isSingleton() && dataLock.isEmpty();
    }

    /**
     * Whether one instance excludes all others.
     *
     * @return false when they run side by side
     */
    public boolean isSingleton() {
        return mode.equals(SINGLETON);
    }
}
