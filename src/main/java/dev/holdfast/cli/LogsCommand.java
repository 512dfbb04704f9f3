package dev.holdfast.cli;

import dev.holdfast.config.CommandArguments;
import dev.holdfast.config.CommandOption;
import dev.holdfast.config.InstanceName;
import dev.holdfast.config.LockPlace;
import dev.holdfast.config.LogsOption;
import dev.holdfast.config.OutputOptions;
import dev.holdfast.config.SettingsException;
import dev.holdfast.config.SharedName;
import dev.holdfast.console.Console;
import dev.holdfast.console.ExitCode;
import dev.holdfast.output.OutputLogs;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.files.Inotify;
import dev.holdfast.posix.files.PollSet;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.text.DurationText;
import dev.holdfast.text.Printable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code holdfast logs}: what servers have printed, and what they print. Signals do what they do by default. */
final class LogsCommand {
    private static final int STDOUT = 1;
    private static final long STANDARD_LINES = 100;
    private static final long ALL = Long.MAX_VALUE;
    /** How often to look where no event reports changes, since no watches are left. */
    private static final int LOOK_MILLIS = 200;

    private final CommandArguments arguments;
    private final List<PrintedLog> logs = new ArrayList<>();
    private final String folder;
    private final long lines;
    private final Optional<Duration> since;

    LogsCommand(List<String> words) {
        arguments = CommandArguments.withName(CommandOption.of("logs"), words);
        List<String> problems = new ArrayList<>();
        if (!arguments.name().isEmpty() && !InstanceName.isValid(arguments.name())) {
            problems.add("NAME " + InstanceName.RULE);
        }
        since = since(problems);
        lines = lines(problems);
        Optional<String> own =
                OutputOptions.folder(LaunchScript.environment(), Self.workingDirectory(), Self.effectiveUser());
        if (own.isEmpty()) {
            problems.add("there is no home folder; say where logs are by HOLDFAST_HOME, or --output FILE");
        }
        if (!problems.isEmpty()) {
            throw new SettingsException(problems, false);
        }
        folder = own.orElse("/");
    }

    private Optional<Duration> since(List<String> problems) {
        if (!arguments.has(LogsOption.SINCE)) {
            return Optional.empty();
        }
        Optional<Duration> found = DurationText.parse(arguments.value(LogsOption.SINCE));
        if (found.isEmpty()) {
            problems.add("--since \"" + Printable.text(arguments.value(LogsOption.SINCE))
                    + "\" must be a duration, such as 30s, 10m or 2h");
        }
        return found;
    }

    private long lines(List<String> problems) {
        String typed = arguments.value(LogsOption.LINES);
        if (!arguments.has(LogsOption.LINES)) {
            return arguments.has(LogsOption.SINCE) ? ALL : STANDARD_LINES;
        }
        if (typed.equals("all")) {
            return ALL;
        }
        if (!typed.matches("[0-9]{1,12}")) {
            problems.add("--lines \"" + Printable.text(typed) + "\" must be a number, or all");
            return 0;
        }
        return Long.parseLong(typed);
    }

    int execute() {
        boolean follows = arguments.has(LogsOption.FOLLOW);
        try (Inotify events = follows ? watch() : null) {
            open(true);
            if (logs.stream().noneMatch(PrintedLog::isThere) && !follows) {
                Console.complain(nothing());
                return ExitCode.UNREADABLE.number();
            }
            print();
            while (follows && isRead(events)) {
                open(false);
                print();
            }
        }
        if (follows) {
            Signals.dieOf(Signals.PIPE); // nobody reads any more: as tail(1) ends
        }
        for (PrintedLog log : logs) {
            log.end();
        }
        System.out.flush();
        return ExitCode.OK.number();
    }

    /** The log of what the starts from this folder share, where there is none of the name itself. */
    private String path() {
        String path = OutputLogs.path(folder, arguments.name());
        String shared = OutputLogs.path(folder, SharedName.of(arguments.name(), Self.workingDirectory()));
        return FileStatus.ofName(path).isEmpty() && FileStatus.ofName(shared).isPresent() ? shared : path;
    }

    private String file() {
        return LockPlace.absolute(arguments.value(LogsOption.OUTPUT), Self.workingDirectory());
    }

    private boolean isOne() {
        return arguments.has(LogsOption.OUTPUT) || !arguments.name().isEmpty();
    }

    private String nothing() {
        if (!isOne()) {
            return "no logs in " + folder + "; holdfast start keeps them";
        }
        String path = arguments.has(LogsOption.OUTPUT) ? file() : path();
        return "no output is kept" + (arguments.name().isEmpty() ? "" : " of \"" + arguments.name() + "\"") + " in "
                + path + "\n  look       holdfast logs      for all that there are; --output FILE for another place";
    }

    /** In a folder that is watched before it is read, so that nothing comes in between. */
    private @Nullable Inotify watch() {
        if (!arguments.has(LogsOption.OUTPUT)) {
            OutputLogs.makeFolder(folder);
        }
        String watched = arguments.has(LogsOption.OUTPUT) ? file().substring(0, file().lastIndexOf('/') + 1) : folder;
        try {
            Inotify events = Inotify.open();
            var unused = events.watchFolder(watched);
            return events;
        } catch (PosixException e) {
            return null;
        }
    }

    /** All logs at first, and later those that are new: these from their beginning. */
    private void open(boolean isFirst) {
        if (isOne()) {
            if (isFirst) {
                add(arguments.name(), arguments.has(LogsOption.OUTPUT) ? file() : path(), "", true);
            }
            return;
        }
        List<String> names = OutputLogs.names(folder);
        int width = names.stream().mapToInt(String::length).max().orElse(0);
        for (String name : names) {
            if (logs.stream().noneMatch(log -> log.name().equals(name))) {
                String prefix = Printable.text(name) + " ".repeat(width - name.length()) + " | ";
                add(name, OutputLogs.path(folder, name), prefix, isFirst);
            }
        }
    }

    private void add(String name, String path, String prefix, boolean skips) {
        PrintedLog log = new PrintedLog(name, path, prefix, arguments.has(LogsOption.TIMESTAMPS));
        if (skips) {
            log.skip(
                    lines,
                    since.isEmpty()
                            ? 0
                            : System.currentTimeMillis() - since.get().toMillis());
        }
        logs.add(log);
    }

    private void print() {
        boolean isMore = true;
        while (isMore && !System.out.checkError()) {
            isMore = false;
            for (PrintedLog log : logs) {
                isMore |= log.printNext();
            }
        }
        System.out.flush();
    }

    /** Waits until something has changed; false when nobody reads any more. Main says what that means. */
    private static boolean isRead(@Nullable Inotify events) {
        if (System.out.checkError() || FileDescriptors.hasNoReader(STDOUT)) {
            return false;
        }
        try (PollSet poll = new PollSet(2)) {
            int reader = poll.add(STDOUT, 0);
            poll.add(events == null ? -1 : events.descriptor(), PollSet.READABLE);
            var unused = poll.await(events == null ? LOOK_MILLIS : -1);
            if (events != null) {
                events.drain();
            }
            return poll.returned(reader) == 0;
        }
    }
}
