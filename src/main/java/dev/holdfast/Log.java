package dev.holdfast;

import dev.holdfast.journal.Journal;
import dev.holdfast.settings.LogLevel;
import java.lang.System.Logger.Level;

/**
 * The library's log: the platform's own logger, which needs no library and ends up where the server's log does, be it
 * java.util.logging, Log4j or Logback.
 */
final class Log {
    private static final System.Logger LOGGER = System.getLogger("dev.holdfast");

    private Log() {}

    static void info(String text) {
        LOGGER.log(Level.INFO, text);
    }

    static void warn(String text) {
        LOGGER.log(Level.WARNING, text);
    }

    static void warn(String text, Throwable cause) {
        LOGGER.log(Level.WARNING, text, cause);
    }

    /** A journal whose entries go to this logger. */
    static Journal journal() {
        Journal journal = new Journal(LogLevel.DEBUG, () -> entry -> LOGGER.log(levelOf(entry.level()), entry.text()));
        journal.open();
        return journal;
    }

    private static Level levelOf(LogLevel level) {
        return switch (level) {
            case DEBUG -> Level.DEBUG;
            case INFO -> Level.INFO;
            case WARN -> Level.WARNING;
            case ERROR -> Level.ERROR;
            case OFF -> Level.OFF;
        };
    }
}
