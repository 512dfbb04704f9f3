package dev.holdfast.cli;

import dev.holdfast.console.Console;
import dev.holdfast.journal.Journal;
import dev.holdfast.journal.SinkLibrary;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.settings.LogFormat;
import dev.holdfast.settings.LogSettings;
import dev.holdfast.text.Timestamps;
import java.util.Optional;
import java.util.function.Function;

/**
 * Where the journal goes: to stderr, which must never block and so is written by hand, or by log4j into a file. JSON is
 * Jackson's. Neither is loaded unless it is asked for, and not before the server runs.
 */
final class LogSinks implements Journal.SinkFactory {
    private static final int OWNER_WRITES_ALL_READ = 0644;

    private final LogSettings settings;
    private final String instanceId;

    private LogSinks(LogSettings settings, String instanceId) {
        this.settings = settings;
        this.instanceId = instanceId;
    }

    static Journal journal(LogSettings settings, String instanceId) {
        return new Journal(settings.level(), new LogSinks(settings, instanceId));
    }

    /** Called when the server runs already, so it must not fail: a log file that cannot be had is told, on stderr. */
    @Override
    public Journal.Sink open() {
        if (settings.format() == LogFormat.TEXT && settings.file().isEmpty()) {
            return new Lines(instanceId);
        }
        Function<Journal.Entry, String> format = settings.format() == LogFormat.JSON
                ? SinkLibrary.load().json(instanceId)
                : entry -> line(entry, instanceId);
        if (settings.file().isPresent()) {
            String path = settings.file().get();
            String reason = whyNot(path);
            if (reason.isEmpty()) {
                try {
                    return SinkLibrary.load().file(path, format);
                } catch (RuntimeException | LinkageError e) {
                    reason = e.toString();
                }
            }
            Console.complain("cannot log to \"" + path + "\": " + reason + "; logging to stderr");
        }
        return entry -> Console.line(format.apply(entry));
    }

    /** A FIFO or a socket would stop the launcher when nobody reads; the rest is asked of open(2). */
    private static String whyNot(String path) {
        int fd = FileDescriptors.open(
                path,
                FileDescriptors.O_WRONLY
                        | FileDescriptors.O_APPEND
                        | FileDescriptors.O_CREAT
                        | FileDescriptors.O_NONBLOCK
                        | FileDescriptors.O_NOCTTY,
                OWNER_WRITES_ALL_READ);
        Optional<FileStatus> status = fd < 0 ? FileStatus.ofTarget(path) : Optional.of(FileStatus.ofDescriptor(fd));
        if (fd >= 0) {
            FileDescriptors.close(fd);
        }
        String kind = status.map(FileStatus::kind).orElse("");
        if (kind.equals("FIFO") || kind.equals("socket")) {
            return "it is a " + kind;
        }
        return fd < 0 ? Errno.describe(-fd) : "";
    }

    private static String line(Journal.Entry entry, String instanceId) {
        return "[" + Timestamps.log(entry.epochMillis()) + "] [" + entry.level().name() + "] [" + instanceId + "] "
                + entry.text();
    }

    /** Text to stderr, which is what nearly every launcher writes: without a lambda, whose machinery stays in memory. */
    private record Lines(String instanceId) implements Journal.Sink {
        @Override
        public void write(Journal.Entry entry) {
            Console.line(line(entry, instanceId));
        }
    }
}
