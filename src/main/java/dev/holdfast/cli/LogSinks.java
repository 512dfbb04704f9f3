package dev.holdfast.cli;

import dev.holdfast.config.RunSettings;
import dev.holdfast.guard.Journal;
import dev.holdfast.guard.Timestamps;
import java.util.Locale;

/** Where the journal goes: stderr by hand, or log4j when a file, JSON lines or debug output is asked for. */
final class LogSinks {
    private LogSinks() {}

    static Journal journal(RunSettings settings, String instanceId) {
        Journal.Level threshold = Journal.Level.valueOf(settings.logLevel().toUpperCase(Locale.ROOT));
        boolean plain = settings.logFile().isEmpty() && !settings.logAsJson() && threshold != Journal.Level.DEBUG;
        return new Journal(threshold, () -> plain ? toStderr(instanceId) : new Log4jSink(settings, instanceId));
    }

    private static Journal.Sink toStderr(String instanceId) {
        return entry -> Console.line(line(entry, instanceId));
    }

    static String line(Journal.Entry entry, String instanceId) {
        return "[" + Timestamps.log(entry.epochMillis()) + "] [" + entry.level() + "] [" + instanceId + "] "
                + entry.text();
    }
}
