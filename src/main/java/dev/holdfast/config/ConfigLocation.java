package dev.holdfast.config;

import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.processes.Accounts;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Where the configuration file is: what {@code --config} or its variable names, or {@code config.toml} in Holdfast's own
 * folder when it is there. To find that there is none costs one system call.
 */
final class ConfigLocation {
    /** As for git and others: what is said, and means that there is no file. */
    private static final String NONE = "/dev/null";

    private ConfigLocation() {}

    /** The file to read; empty when there is none. A file that was named and is not there is a problem. */
    static Optional<String> find(
            OptionValues values, UnaryOperator<String> environment, String workingDirectory, int user) {
        if (!values.isSet(RunOption.CONFIG)) {
            return standard(environment, workingDirectory, user);
        }
        Optional<String> named = values.nonEmpty(RunOption.CONFIG, "name a file");
        if (named.isEmpty() || named.get().equals(NONE)) {
            return Optional.empty();
        }
        String path = LockPlace.absolute(named.get(), workingDirectory);
        Optional<FileStatus> status = FileStatus.ofTarget(path);
        if (status.isEmpty()) {
            values.problem(RunOption.CONFIG, "names a file that is not there, or cannot be reached");
        } else if (!status.get().isRegular()) {
            values.problem(RunOption.CONFIG, "names a " + status.get().kind() + ", not a regular file");
        } else {
            return Optional.of(path);
        }
        return Optional.empty();
    }

    private static Optional<String> standard(UnaryOperator<String> environment, String workingDirectory, int user) {
        Optional<String> own = ownFolder(environment, user);
        if (own.isEmpty()) {
            return own;
        }
        String path = LockPlace.absolute(own.get() + "/config.toml", workingDirectory);
        return FileStatus.ofTarget(path).isPresent() ? Optional.of(path) : Optional.empty();
    }

    /** Holdfast's own folder, which need not be there; empty when the user has no home. */
    static Optional<String> ownFolder(UnaryOperator<String> environment, int user) {
        String own = environment.apply("HOLDFAST_HOME");
        if (!own.isEmpty()) {
            return Optional.of(own);
        }
        String home = environment.apply("HOME");
        if (home.isEmpty()) {
            home = Accounts.numbered(user).map(Accounts.Account::home).orElse("");
        }
        return home.isEmpty() ? Optional.empty() : Optional.of(home + "/.holdfast");
    }
}
