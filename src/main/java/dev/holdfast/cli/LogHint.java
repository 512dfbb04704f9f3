package dev.holdfast.cli;

import dev.holdfast.config.OutputOptions;
import dev.holdfast.output.OutputLogs;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.text.ShellWord;
import java.util.Optional;

/** The line of a message that tells how to read what a server has printed: only where something is kept of it. */
final class LogHint {
    private static final String LOOK = "\n  look       holdfast logs ";

    private LogHint() {}

    /** For a file that may be anywhere. Empty when there is none. */
    static String of(String name, String output) {
        if (standardPlace(name).filter(output::equals).isPresent()) {
            return ofStandardPlace(name);
        }
        return isThere(output) ? LOOK + "--output " + ShellWord.quoted(output) : "";
    }

    /** For where {@code holdfast start} keeps it. Empty when nothing is kept there. */
    static String ofStandardPlace(String name) {
        return standardPlace(name).filter(LogHint::isThere).isPresent() ? LOOK + name : "";
    }

    private static Optional<String> standardPlace(String name) {
        return OutputOptions.folder(LaunchScript.environment(), Self.workingDirectory(), Self.effectiveUser())
                .map(folder -> OutputLogs.path(folder, name));
    }

    private static boolean isThere(String file) {
        return FileStatus.ofTarget(file).isPresent();
    }
}
