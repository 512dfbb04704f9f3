package dev.holdfast.cli;

import dev.holdfast.guard.Journal;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.LoggingException;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilder;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilderFactory;
import org.apache.logging.log4j.core.config.builder.impl.BuiltConfiguration;
import org.apache.logging.log4j.message.ParameterizedNoReferenceMessageFactory;
import org.apache.logging.log4j.status.StatusConsoleListener;
import org.apache.logging.log4j.status.StatusLogger;

/**
 * Appends journal entries to a file, through log4j. Loading it costs 18 MB, so it is loaded only when a log file is
 * asked for, and only after the server has started.
 *
 * <p>No shutdown hook and no thread: each line is flushed when it is written, and the process ends by halt. A file that
 * cannot be written is told once, and then the lines go to stderr; the server goes on.
 */
final class LogFileSink implements Journal.Sink {
    private final String path;
    private final Logger logger;
    private final Function<Journal.Entry, String> format;
    private boolean givenUp;

    LogFileSink(String path, Function<Journal.Entry, String> format) {
        this.path = path;
        this.format = format;
        StatusLogger.setLogger(silent());
        ConfigurationBuilder<BuiltConfiguration> builder = ConfigurationBuilderFactory.newConfigurationBuilder();
        builder.setStatusLevel(Level.OFF).setShutdownHook("disable");
        builder.add(builder.newAppender("journal", "File")
                .addAttribute("fileName", path)
                .addAttribute("append", true)
                .addAttribute("ignoreExceptions", false)
                .add(builder.newLayout("PatternLayout")
                        .addAttribute("charset", "UTF-8")
                        .addAttribute("pattern", "%m%n")));
        builder.add(builder.newRootLogger(Level.ALL).add(builder.newAppenderRef("journal")));
        LoggerContext context = Configurator.initialize(builder.build());
        givenUp = context.getConfiguration().getAppender("journal") == null;
        if (givenUp) {
            complain();
        }
        logger = context.getLogger("dev.holdfast");
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
        if (!givenUp) {
            try {
                logger.log(Level.valueOf(entry.level().name()), line);
                return;
            } catch (LoggingException e) {
                givenUp = true;
                complain();
            }
        }
        Console.line(line);
    }

    private void complain() {
        Console.complain("cannot log to \"" + path + "\" any more; logging to stderr");
    }
}
