package dev.holdfast.config;

import dev.holdfast.settings.NetworkPolicy;
import dev.holdfast.settings.TimeoutPolicy;
import dev.holdfast.text.Digits;
import dev.holdfast.text.DurationText;
import dev.holdfast.text.Printable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Everything that {@code holdfast lock} was told about the lock, checked.
 *
 * @param file the file or folder
 * @param shared whether it is had together with others
 * @param timeout how long to wait; zero not at all, empty for ever
 * @param onTimeout what becomes of the command when the lock is not to be had in time
 * @param conflictExitCode the exit code then, where that is a failure
 * @param inherit whether the command holds the lock itself
 * @param network what becomes of a file on a network file system
 * @param verbose whether to tell more
 */
public record LockSettings(
        String file,
        boolean shared,
        Optional<Duration> timeout,
        TimeoutPolicy onTimeout,
        int conflictExitCode,
        boolean inherit,
        NetworkPolicy network,
        boolean verbose) {
    private static final Duration WITH_ON_TIMEOUT = Duration.ofSeconds(5);

    /**
     * Checks all that was typed, and tells all problems together.
     *
     * @param typed the command line, split
     * @param arguments the words that it was split from
     * @throws SettingsException if anything cannot be
     */
    public static LockSettings read(LockArguments typed, List<String> arguments) {
        List<String> problems = new ArrayList<>();
        refuseContradictions(typed, problems);
        String file = file(typed, arguments, problems);
        LockSettings settings = new LockSettings(
                file,
                typed.isSet(LockOption.SHARED),
                timeout(typed, problems),
                onTimeout(typed, problems),
                conflictExitCode(typed, problems),
                typed.isSet(LockOption.INHERIT),
                typed.isSet(LockOption.ALLOW_NETWORK_LOCK) ? NetworkPolicy.ALLOW : NetworkPolicy.REFUSE,
                typed.isSet(LockOption.VERBOSE));
        if (!problems.isEmpty()) {
            throw new SettingsException(problems, false);
        }
        return settings;
    }

    private static String file(LockArguments typed, List<String> arguments, List<String> problems) {
        boolean hasWords = typed.commandIndex() < arguments.size();
        if (typed.fileIndex() == arguments.size()) {
            problems.add("no file to lock, and no command; as in: holdfast lock data/index.lock -- make index");
            return "";
        }
        String file = arguments.get(typed.fileIndex());
        if (typed.isSet(LockOption.COMMAND) && hasWords) {
            problems.add("--command takes one command line, and more words follow; quote it as one");
        } else if (!typed.isSet(LockOption.COMMAND) && !hasWords) {
            problems.add(
                    Digits.isNumber(file)
                            ? "locks on a descriptor of your shell are flock(1)'s; name a FILE and a COMMAND instead"
                            : "no command to run; as in: holdfast lock FILE -- COMMAND");
        }
        if (file.isEmpty()) {
            problems.add("the name of the file to lock is empty");
        }
        return file;
    }

    private static void refuseContradictions(LockArguments typed, List<String> problems) {
        exclude(typed, LockOption.SHARED, LockOption.EXCLUSIVE, problems);
        exclude(typed, LockOption.NONBLOCK, LockOption.TIMEOUT, problems);
        exclude(typed, LockOption.INHERIT, LockOption.CLOSE, problems);
        if (typed.isSet(LockOption.JSON)) {
            problems.add("--json needs --probe");
        }
    }

    private static void exclude(LockArguments typed, LockOption a, LockOption b, List<String> problems) {
        if (typed.isSet(a) && typed.isSet(b)) {
            problems.add(a.longFlag() + " and " + b.longFlag() + " exclude each other");
        }
    }

    private static Optional<Duration> timeout(LockArguments typed, List<String> problems) {
        String text = typed.values().get(LockOption.TIMEOUT);
        if (typed.isSet(LockOption.NONBLOCK)) {
            return Optional.of(Duration.ZERO);
        }
        if (text == null) {
            return typed.isSet(LockOption.ON_TIMEOUT) ? Optional.of(WITH_ON_TIMEOUT) : Optional.empty();
        }
        if (text.equals("infinity")) {
            return Optional.empty();
        }
        Optional<Duration> timeout = DurationText.parse(text);
        if (timeout.isEmpty()) {
            problems.add("--timeout \"" + Printable.text(text)
                    + "\" must be a duration, such as 500ms, 5s or 2m, or infinity");
        }
        return timeout;
    }

    private static TimeoutPolicy onTimeout(LockArguments typed, List<String> problems) {
        String text = typed.values().get(LockOption.ON_TIMEOUT);
        if (text == null) {
            return TimeoutPolicy.FAIL;
        }
        Optional<TimeoutPolicy> policy = OptionValues.choiceOf(text, TimeoutPolicy.values());
        if (policy.isEmpty()) {
            problems.add("--on-timeout \"" + Printable.text(text) + "\" must be one of "
                    + OptionValues.words(TimeoutPolicy.values()));
        }
        return policy.orElse(TimeoutPolicy.FAIL);
    }

    private static int conflictExitCode(LockArguments typed, List<String> problems) {
        String text = typed.values().get(LockOption.CONFLICT_EXIT_CODE);
        int code = text == null ? 1 : OptionValues.exitCode(text);
        if (code < 0) {
            problems.add("--conflict-exit-code \"" + Printable.text(text == null ? "" : text)
                    + "\" must be a number from 0 to 255");
        }
        return code;
    }
}
