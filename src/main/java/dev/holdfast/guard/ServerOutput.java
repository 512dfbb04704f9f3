package dev.holdfast.guard;

import dev.holdfast.console.Console;
import dev.holdfast.journal.Journal;
import dev.holdfast.output.OutputFile;
import dev.holdfast.settings.OutputSettings;
import dev.holdfast.supervise.OutputTap;
import dev.holdfast.waiting.Ticker;

/** The server's output where it is kept in a file. Loaded only then. */
final class ServerOutput {
    private ServerOutput() {}

    /**
     * Opens the file; the launcher's own lines go there from now on, too, when it is the only place.
     *
     * @throws dev.holdfast.output.OutputFileException if it cannot be had, or must not be used
     */
    static OutputTap open(OutputSettings settings, String regex, Journal journal) {
        OutputFile file = OutputFile.open(settings, journal);
        if (settings.isOnlyPlace()) {
            Console.stderrWasReplaced();
        }
        return OutputTap.open(regex, settings.withStdout(), file, !settings.isOnlyPlace(), Ticker.SYSTEM);
    }
}
