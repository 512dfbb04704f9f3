package dev.holdfast.cli;

import dev.holdfast.command.Environment;
import dev.holdfast.config.InstanceArguments;
import dev.holdfast.config.InstanceName;
import dev.holdfast.config.LockPlace;
import dev.holdfast.config.RunArguments;
import dev.holdfast.config.RunOption;
import dev.holdfast.config.SettingsException;
import dev.holdfast.config.SharedName;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.settings.InstanceVariables;
import dev.holdfast.settings.LockScope;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Which instance a command means.
 *
 * @param name the instance
 * @param lockFile where its lock is
 */
record Target(String name, LockFile lockFile) {
    /** What was typed; inside a guarded server, its own instance when nothing was; empty otherwise. */
    static Optional<Target> of(InstanceArguments arguments) {
        Environment environment = LaunchScript.environment();
        String name = arguments.name();
        boolean typedFile = arguments.values().containsKey(RunOption.LOCK_FILE);
        if (name.isEmpty() && !typedFile) {
            return aroundUs(environment);
        }
        if (!name.isEmpty() && !InstanceName.isValid(name)) {
            throw new SettingsException(List.of("NAME " + InstanceName.RULE), false);
        }
        LockPlace options = options(arguments, environment, name);
        if (options.file().isPresent()) {
            LockFile lockFile = LockFile.at(absolute(options.file().get()));
            return Optional.of(new Target(name.isEmpty() ? lockFile.baseName() : name, lockFile));
        }
        return Optional.of(named(name, options.scope(), absoluteFolder(options)));
    }

    /**
     * The same, for a command that needs one.
     *
     * @throws SettingsException if nothing was typed, and no instance is around
     */
    static Target needed(InstanceArguments arguments) {
        Optional<Target> target = of(arguments);
        if (target.isEmpty()) {
            throw new SettingsException(
                    List.of("which instance? as in: holdfast " + arguments.command() + " NAME"), false);
        }
        return target.get();
    }

    private static Optional<Target> aroundUs(Environment environment) {
        String name = environment.value(InstanceVariables.NAME);
        String file = environment.value(RunOption.LOCK_FILE.variable());
        return file.isEmpty() || name.isEmpty() ? Optional.empty() : Optional.of(new Target(name, LockFile.at(file)));
    }

    /** The folder of lock files that a command means. */
    static String folder(InstanceArguments arguments, Environment environment) {
        return absoluteFolder(options(arguments, environment, ""));
    }

    private static LockPlace options(InstanceArguments arguments, Environment environment, String name) {
        return LockPlace.of(
                new RunArguments(arguments.values(), 0),
                new UnaryOperator<>() { // no method reference: the first one makes a class, in each health check
                    @Override
                    public String apply(String variable) {
                        return environment.value(variable);
                    }
                },
                name,
                Self.workingDirectory(),
                Self.effectiveUser());
    }

    /**
     * When the scope was not said: the machine's instance, or the user's when only that is there; and when neither is, the
     * one that is shared by the starts from this folder.
     */
    private static Target named(String name, Optional<LockScope> scope, String folder) {
        boolean isOfUser = scope.isPresent() && scope.get() == LockScope.USER;
        LockFile first = file(name, isOfUser ? LockScope.USER : LockScope.MACHINE, folder);
        if (first.isNamed()) {
            return new Target(name, first);
        }
        LockFile user = file(name, LockScope.USER, folder);
        if (scope.isEmpty() && user.isNamed()) {
            return new Target(name, user);
        }
        String shared = SharedName.of(name, Self.workingDirectory());
        for (LockScope each : new LockScope[] {LockScope.USER, LockScope.MACHINE}) {
            LockFile file = file(shared, each, folder);
            if ((scope.isEmpty() || scope.get() == each) && file.isNamed()) {
                return new Target(shared, file);
            }
        }
        return new Target(name, first);
    }

    private static LockFile file(String name, LockScope scope, String folder) {
        return new LockFile(
                folder, LockPlace.fileName(name, scope, scope == LockScope.USER ? Self.effectiveUser() : 0));
    }

    /** Without a slash at its end, but for the root folder. */
    private static String absoluteFolder(LockPlace options) {
        String folder = absolute(options.folder() + "/");
        return folder.substring(0, Math.max(1, folder.length() - 1));
    }

    private static String absolute(String path) {
        return LockPlace.absolute(path, Self.workingDirectory());
    }
}
