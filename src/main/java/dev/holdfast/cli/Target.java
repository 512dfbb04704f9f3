package dev.holdfast.cli;

import dev.holdfast.config.InstanceName;
import dev.holdfast.config.RunOption;
import dev.holdfast.config.SettingsException;
import dev.holdfast.config.SettingsReader;
import dev.holdfast.guard.Environment;
import dev.holdfast.lock.LockFile;
import dev.holdfast.posix.FileStatus;
import dev.holdfast.posix.Self;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/**
 * Which instance a command means.
 *
 * @param name the instance
 * @param lockFile where its lock is
 */
record Target(String name, LockFile lockFile) {
    /** What was typed; inside a guarded server, its own instance when nothing was; empty otherwise. */
    static Optional<Target> of(ParseResult result) {
        Environment environment = Environment.ofLauncher();
        String name = result.matchedPositionalValue(0, "");
        String file = option(result, RunOption.LOCK_FILE);
        if (name.isEmpty() && file.isEmpty()) {
            name = environment.value("HOLDFAST_NAME");
            file = environment.value(RunOption.LOCK_FILE.variable());
            return file.isEmpty() || name.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Target(name, LockFile.at(file)));
        }
        if (!name.isEmpty() && !InstanceName.isValid(name)) {
            throw new SettingsException(
                    List.of("NAME must be 1 to 64 letters, digits, dots, underscores or hyphens"), false);
        }
        if (!file.isEmpty()) {
            LockFile lockFile = LockFile.at(absolute(file));
            return Optional.of(new Target(name.isEmpty() ? baseName(lockFile) : name, lockFile));
        }
        return Optional.of(new Target(name, named(name, scope(result, environment), folder(result, environment))));
    }

    /** The folder of lock files that a command means. */
    static String folder(ParseResult result, Environment environment) {
        String typed = option(result, RunOption.LOCK_DIR);
        String folder = typed.isEmpty() ? environment.value(RunOption.LOCK_DIR.variable()) : typed;
        return absolute(folder.isEmpty() ? "/tmp" : folder);
    }

    private static String scope(ParseResult result, Environment environment) {
        String typed = option(result, RunOption.SCOPE);
        String scope = typed.isEmpty() ? environment.value(RunOption.SCOPE.variable()) : typed;
        if (!scope.isEmpty() && !scope.equals("machine") && !scope.equals("user")) {
            throw new SettingsException(List.of("--scope must be one of machine, user"), typed.isEmpty());
        }
        return scope;
    }

    /** When the scope was not said: the machine's instance, or the user's when only that is there. */
    private static LockFile named(String name, String scope, String folder) {
        LockFile machine = new LockFile(folder, SettingsReader.fileName(name, "machine", 0));
        LockFile user = new LockFile(folder, SettingsReader.fileName(name, "user", Self.effectiveUser()));
        if (scope.equals("user")) {
            return user;
        }
        boolean onlyUser = scope.isEmpty()
                && FileStatus.ofName(machine.path()).isEmpty()
                && FileStatus.ofName(user.path()).isPresent();
        return onlyUser ? user : machine;
    }

    private static String option(ParseResult result, RunOption option) {
        return result.matchedOptionValue(option.longFlag(), "");
    }

    private static String absolute(String path) {
        return path.startsWith("/") ? path : Self.workingDirectory() + "/" + path;
    }

    private static String baseName(LockFile file) {
        return file.fileName().endsWith(".lock")
                ? file.fileName().substring(0, file.fileName().length() - ".lock".length())
                : file.fileName();
    }
}
