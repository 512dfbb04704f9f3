package dev.holdfast.cli;

import dev.holdfast.config.RunSettings;
import dev.holdfast.guard.Journal;
import dev.holdfast.guard.Timestamps;
import java.util.Locale;
import java.util.function.Function;

/**
 * Where the journal goes: to stderr, which must never block and so is written by hand, or by log4j into a file. JSON is
 * Jackson's. Neither is loaded unless it is asked for, and not before the server runs.
 */
final class LogSinks {
    private LogSinks() {}

    static Journal journal(RunSettings settings, String instanceId) {
        Journal.Level threshold = Journal.Level.valueOf(settings.logLevel().toUpperCase(Locale.ROOT));
        return new Journal(threshold, () -> open(settings, instanceId));
    }

    private static Journal.Sink open(RunSettings settings, String instanceId) {
        Function<Journal.Entry, String> format =
                settings.logAsJson() ? new JsonLines(instanceId) : entry -> line(entry, instanceId);
        if (settings.logFile().isEmpty()) {
            return entry -> Console.line(format.apply(entry));
        }
        return new LogFileSink(settings.logFile().get(), format);
    }

    private static String line(Journal.Entry entry, String instanceId) {
        return "[" + Timestamps.log(entry.epochMillis()) + "] [" + entry.level() + "] [" + instanceId + "] "
                + entry.text();
    }
}
