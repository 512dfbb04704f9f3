package dev.holdfast.journal;

import dev.holdfast.classpath.SecondClassPath;
import java.util.function.Function;

/** The ways to write a journal that need a library. */
public interface SinkLibrary {
    /** Entries as JSON, one to a line. */
    Function<Journal.Entry, String> json(String instanceId);

    /**
     * Appends to a file, which is made when it is not there; when it cannot be written any more, to stderr.
     *
     * @param format makes a line of an entry
     */
    Journal.Sink file(String path, Function<Journal.Entry, String> format);

    /** Loads the libraries of the second class path that sinks are made of. */
    static SinkLibrary load() {
        return SecondClassPath.load(SinkLibrary.class, "dev.holdfast.journal.sinks.LibrarySinks");
    }
}
