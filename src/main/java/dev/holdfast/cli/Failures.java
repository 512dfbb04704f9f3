package dev.holdfast.cli;

import dev.holdfast.command.CommandException;
import dev.holdfast.command.ProcessSettingsException;
import dev.holdfast.config.SettingsException;
import dev.holdfast.console.ExitCode;
import dev.holdfast.error.HoldfastException;
import dev.holdfast.listen.ListenException;
import dev.holdfast.lock.LockFileException;
import dev.holdfast.lock.UnsafeLockPathException;
import dev.holdfast.output.OutputFileException;

/** What a failure tells the user, and with which code the process ends. */
final class Failures {
    private Failures() {}

    static ExitCode exitCode(HoldfastException failure) {
        if (failure instanceof SettingsException settings) {
            return settings.isInEnvironmentOnly() ? ExitCode.CONFIG : ExitCode.USAGE;
        }
        if (failure instanceof CommandException command) {
            return command.reason().exitCode();
        }
        if (failure instanceof ProcessSettingsException process) {
            return process.kind().exitCode();
        }
        if (failure instanceof UnsafeLockPathException) {
            return ExitCode.UNSAFE;
        }
        if (failure instanceof ListenException listen) {
            return switch (listen.reason()) {
                case IN_USE -> ExitCode.UNAVAILABLE;
                case NOT_PERMITTED -> ExitCode.UNSAFE;
                case NOT_MADE -> ExitCode.CANNOT_CREATE;
                case SYSTEM -> ExitCode.SYSTEM;
            };
        }
        if (failure instanceof OutputFileException output) {
            return output.isUnsafe() ? ExitCode.UNSAFE : ExitCode.CANNOT_CREATE;
        }
        return failure instanceof LockFileException ? ExitCode.CANNOT_CREATE : ExitCode.SYSTEM;
    }

    /** A line for each. */
    private static String problems(SettingsException settings) {
        StringBuilder lines = new StringBuilder();
        for (String problem : settings.problems()) {
            lines.append(lines.isEmpty() ? "" : "\nholdfast: ").append(problem);
        }
        return lines.toString();
    }

    private static String remedy(UnsafeLockPathException.Reason reason) {
        return switch (reason) {
            case NOT_A_FILE, SEVERAL_NAMES, TOO_LARGE, NOT_OPENED_SAFELY -> "remove it, or choose another path";
            case NEITHER_FILE_NOR_FOLDER -> "choose another path";
            case OTHER_USER -> "run as that user, or give each user an instance of their own with --scope user";
            case NETWORK_FILE_SYSTEM ->
                "choose a folder on a local file system; holdfast lock --probe tells which is one; or, when you know"
                        + " better, --allow-network-lock";
        };
    }

    /** What went wrong in a command, and what to do. */
    static String text(HoldfastException failure, String command) {
        if (failure instanceof SettingsException settings) {
            return problems(settings)
                    + (settings.isInEnvironmentOnly() ? "" : "\n  look       holdfast help " + command);
        }
        if (failure instanceof UnsafeLockPathException unsafe) {
            return unsafe.getMessage() + "\n  what now   " + remedy(unsafe.reason());
        }
        return failure.getMessage() + Shortage.remedy(failure);
    }
}
