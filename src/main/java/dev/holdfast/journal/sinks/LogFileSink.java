package dev.holdfast.journal.sinks;

import dev.holdfast.console.Console;
import dev.holdfast.journal.Journal;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LoggingException;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.appender.FileAppender;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.core.layout.AbstractStringLayout;
import org.apache.logging.log4j.message.ParameterizedNoReferenceMessageFactory;
import org.apache.logging.log4j.message.SimpleMessage;
import org.apache.logging.log4j.status.StatusConsoleListener;
import org.apache.logging.log4j.status.StatusLogger;
import org.jspecify.annotations.Nullable;

/**
 * Appends journal entries to a file, through log4j. Loading it costs 18 MB, so it is loaded only when a log file is
 * asked for, and only after the server has started.
 *
 * <p>No shutdown hook and no thread: each line is flushed when it is written, and the process ends by halt. A file that
 * cannot be written is told once, and then the lines go to stderr; the server goes on.
 */
final class LogFileSink implements Journal.Sink {
    private final String path;
    private final Function<Journal.Entry, String> format;
    /** Null when the file cannot be written. */
    private @Nullable FileAppender file;

    LogFileSink(String path, Function<Journal.Entry, String> format) {
        this.path = path;
        this.format = format;
        StatusLogger.setLogger(silent());
        file = FileAppender.newBuilder()
                .setName("journal")
                .withFileName(path)
                .withAppend(true)
                .setIgnoreExceptions(false)
                .setLayout(new Line())
                .build();
        if (file == null) {
            complain();
        } else {
            file.start();
        }
    }

    /** A line that is complete already. */
    private static final class Line extends AbstractStringLayout {
        Line() {
            super(StandardCharsets.UTF_8);
        }

        @Override
        public String toSerializable(LogEvent event) {
            return event.getMessage().getFormattedMessage() + '\n';
        }
    }

    /**
     * LOG4J_DEBUG and the like in the environment are meant for the server; without this log4j would tell about itself
     * on the streams that are the server's.
     */
    private static StatusLogger silent() {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        return new StatusLogger(
                StatusLogger.class.getSimpleName(),
                ParameterizedNoReferenceMessageFactory.INSTANCE,
                new StatusLogger.Config(false, 0, null),
                new StatusConsoleListener(Level.OFF, nowhere));
    }

    @Override
    public void write(Journal.Entry entry) {
        String line = format.apply(entry);
        if (file != null) {
            try {
                file.append(Log4jLogEvent.newBuilder()
                        .setMessage(new SimpleMessage(line))
                        .setTimeMillis(entry.epochMillis())
                        .build());
                return;
            } catch (LoggingException e) {
                file = null;
                complain();
            }
        }
        Console.line(line);
    }

    private void complain() {
        Console.complain("cannot log to \"" + path + "\" any more; logging to stderr");
    }
}
