package dev.holdfast.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.config.RunSettings;
import dev.holdfast.guard.Journal;
import dev.holdfast.guard.Timestamps;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.builder.api.AppenderComponentBuilder;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilder;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilderFactory;
import org.apache.logging.log4j.core.config.builder.api.LayoutComponentBuilder;
import org.apache.logging.log4j.core.config.builder.impl.BuiltConfiguration;

/**
 * The journal through log4j. Loading it costs 18 MB, so it is loaded only when it is asked for, and only after the
 * server has started.
 *
 * <p>No shutdown hook, no reconfiguration, no thread: each line is flushed when it is written, and the process ends by
 * halt.
 */
final class Log4jSink implements Journal.Sink {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Logger logger;
    private final boolean json;
    private final String instanceId;

    Log4jSink(RunSettings settings, String instanceId) {
        this.json = settings.logAsJson();
        this.instanceId = instanceId;
        ConfigurationBuilder<BuiltConfiguration> builder = ConfigurationBuilderFactory.newConfigurationBuilder();
        builder.setStatusLevel(Level.ERROR).setShutdownHook("disable");
        LayoutComponentBuilder layout = builder.newLayout("PatternLayout")
                .addAttribute("charset", "UTF-8")
                .addAttribute("pattern", "%m%n");
        AppenderComponentBuilder appender = settings.logFile()
                .map(path -> builder.newAppender("journal", "File")
                        .addAttribute("fileName", path)
                        .addAttribute("append", true)
                        .addAttribute("ignoreExceptions", true))
                .orElseGet(() -> builder.newAppender("journal", "Console").addAttribute("target", "SYSTEM_ERR"));
        builder.add(appender.add(layout));
        builder.add(builder.newRootLogger(Level.ALL).add(builder.newAppenderRef("journal")));
        LoggerContext context = Configurator.initialize(builder.build());
        logger = context.getLogger("dev.holdfast");
    }

    @Override
    public void write(Journal.Entry entry) {
        Level level = Level.valueOf(entry.level().name());
        logger.log(level, json ? asJson(entry) : LogSinks.line(entry, instanceId));
    }

    /** The entry's own time, not the time of writing: what happened before the server ran is written afterwards. */
    private String asJson(Journal.Entry entry) {
        try {
            return MAPPER.writeValueAsString(MAPPER.createObjectNode()
                    .put("time", Timestamps.iso(entry.epochMillis()))
                    .put("level", entry.level().name())
                    .put("instance", instanceId)
                    .put("message", entry.text()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
