package dev.holdfast.journal.sinks;

import dev.holdfast.journal.Journal;
import dev.holdfast.journal.SinkLibrary;
import java.util.function.Function;

/** Log files by log4j, JSON lines by Jackson: each library is loaded only when it is asked for. */
public final class LibrarySinks implements SinkLibrary {
    @Override
    public Function<Journal.Entry, String> json(String instanceId) {
        return new JsonLines(instanceId);
    }

    @Override
    public Journal.Sink file(String path, Function<Journal.Entry, String> format) {
        return new LogFileSink(path, format);
    }
}
