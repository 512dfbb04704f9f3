package dev.holdfast.cli;

import dev.holdfast.guard.Journal;
import java.util.function.Function;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.LoggingException;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilder;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilderFactory;
import org.apache.logging.log4j.core.config.builder.impl.BuiltConfiguration;

/**
 * Appends journal entries to a file, through log4j. Loading it costs 18 MB, so it is loaded only when a log file is
 * asked for, and only after the server has started.
 *
 * <p>No shutdown hook and no thread: each line is flushed when it is written, and the process ends by halt. A file that
 * cannot be opened or written is told once, on stderr; the server goes on.
 */
final class LogFileSink implements Journal.Sink {
    private final String path;
    private final Logger logger;
    private final Function<Journal.Entry, String> format;
    private boolean givenUp;

    LogFileSink(String path, Function<Journal.Entry, String> format) {
        this.path = path;
        this.format = format;
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
        if (context.getConfiguration().getAppender("journal") == null) {
            giveUp("open");
        }
        logger = context.getLogger("dev.holdfast");
    }

    @Override
    public void write(Journal.Entry entry) {
        if (givenUp) {
            return;
        }
        try {
            logger.log(Level.valueOf(entry.level().name()), format.apply(entry));
        } catch (LoggingException e) {
            giveUp("write");
        }
    }

    private void giveUp(String action) {
        givenUp = true;
        Console.complain("cannot " + action + " log file \"" + path + "\"; nothing is logged any more");
    }
}
