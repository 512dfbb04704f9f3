package dev.holdfast.config;

import dev.holdfast.posix.Signals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads settings from flags and variables, collects all problems, and tells them together. */
public final class SettingsReader {
    private static final Set<String> TRUE = Set.of("true", "1", "yes", "on");
    private static final Set<String> FALSE = Set.of("false", "0", "no", "off", "");
    private static final int LONGEST_TEXT = 64;
    private static final int LARGEST_EXIT_CODE = 255;
    /** Set by the launcher for its server; {@code HOLDFAST_LOCK_FILE} is that server's own then. */
    private static final String INSTANCE_ID = "HOLDFAST_INSTANCE_ID";
    /** Set by the launcher for its server; the name that it runs under. */
    private static final String INSTANCE_NAME = "HOLDFAST_NAME";

    private final RunArguments arguments;
    private final UnaryOperator<String> environment;
    private final List<String> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private boolean problemOnCommandLine;

    /**
     * A reader.
     *
     * @param arguments what was typed
     * @param environment gives a variable's value, empty when it is not set
     */
    public SettingsReader(RunArguments arguments, UnaryOperator<String> environment) {
        this.arguments = arguments;
        this.environment = environment;
    }

    /**
     * Reads everything.
     *
     * @param command the server's command
     * @param workingDirectory where it is started
     * @param user the effective user id
     * @return the settings
     * @throws SettingsException if anything cannot be
     */
    public RunSettings read(List<String> command, String workingDirectory, int user) {
        String name = name(command, workingDirectory);
        RunSettings settings = new RunSettings(
                name,
                lockPath(name, workingDirectory, user),
                onConflict(),
                optionalDuration(RunOption.WAIT_TIMEOUT),
                exitCode(),
                optionalDuration(RunOption.GRACE).orElse(Duration.ofSeconds(5)),
                stopSignal(),
                oneOf(RunOption.FORWARD, List.of("child", "group", "tree")),
                map(RunOption.MAP_SIGNAL, SettingsReader::signal, SettingsReader::signalOrNothing),
                isOn(RunOption.RELOAD_ON_HUP),
                oneOf(RunOption.KILL_MODE, List.of("tree", "group", "child")),
                map(RunOption.MAP_EXIT, SettingsReader::code, SettingsReader::code),
                text(RunOption.TRANSPORT, "stdio"),
                value(RunOption.TRANSPORT).equals("stdio"),
                text(RunOption.APP_VERSION, "0"),
                oneOf(RunOption.HANDOFF, List.of("supervise", "exec")),
                logLevel(),
                oneOf(RunOption.LOG_FORMAT, List.of("text", "json")).equals("json"),
                logFile(),
                warnings);
        if (!problems.isEmpty()) {
            throw new SettingsException(problems, !problemOnCommandLine);
        }
        return settings;
    }

    private String name(List<String> command, String workingDirectory) {
        String given = value(RunOption.NAME);
        if (given.isEmpty() && !isTyped(RunOption.NAME)) {
            return InstanceName.of(command, workingDirectory);
        }
        if (!InstanceName.isValid(given)) {
            problem(RunOption.NAME, "must be 1 to 64 letters, digits, dots, underscores or hyphens");
        }
        return given;
    }

    private String lockPath(String name, String workingDirectory, int user) {
        String file = value(RunOption.LOCK_FILE);
        String scope = oneOf(RunOption.SCOPE, List.of("machine", "user"));
        String folder = value(RunOption.LOCK_DIR);
        if (isTyped(RunOption.LOCK_FILE) && file.isEmpty()) {
            problem(RunOption.LOCK_FILE, "must name a file");
        }
        if (isTyped(RunOption.LOCK_DIR) && folder.isEmpty()) {
            problem(RunOption.LOCK_DIR, "must name a folder"); // "$UNSET" must not become /tmp
        }
        if (file.endsWith("/")) {
            problem(RunOption.LOCK_FILE, "must name a file, not a folder");
        }
        String path = file.isEmpty() ? (folder.isEmpty() ? "/tmp" : folder) + "/" + fileName(name, scope, user) : file;
        return path.startsWith("/") ? path : workingDirectory + "/" + path;
    }

    /**
     * The name of a lock file.
     *
     * @param name the instance
     * @param scope {@code machine} or {@code user}
     * @param user the user id
     * @return such as {@code orders.lock}
     */
    public static String fileName(String name, String scope, int user) {
        return scope.equals("user") ? name + "-" + Integer.toUnsignedString(user) + ".lock" : name + ".lock";
    }

    private String onConflict() {
        String policy = oneOf(RunOption.ON_CONFLICT, List.of("fail", "wait", "takeover", "skip"));
        if (isTyped(RunOption.FORCE) && isTyped(RunOption.ON_CONFLICT) && !policy.equals("takeover")) {
            problem(RunOption.FORCE, "and --on-conflict " + policy + " exclude each other");
        }
        return isOn(RunOption.FORCE) ? "takeover" : policy;
    }

    /** A switch, typed or by its variable. */
    private boolean isOn(RunOption option) {
        if (isTyped(option)) {
            return true;
        }
        String value = environment.apply(option.variable()).trim().toLowerCase(Locale.ROOT);
        if (!TRUE.contains(value) && !FALSE.contains(value)) {
            // The value itself is not repeated: nothing from the environment goes into a message.
            warnings.add(option.variable() + " is neither true, 1, yes, on nor false, 0, no, off; taken as false");
        }
        return TRUE.contains(value);
    }

    private Map<Integer, Integer> map(RunOption option, ToIntFunction<String> from, ToIntFunction<String> to) {
        Map<Integer, Integer> map = new HashMap<>();
        String value = value(option);
        if (value.isEmpty() && !isTyped(option)) {
            return map;
        }
        for (String pair : value.split(",", -1)) {
            int equals = pair.indexOf('=');
            int key = equals < 0 ? -1 : from.applyAsInt(pair.substring(0, equals));
            int result = equals < 0 ? -1 : to.applyAsInt(pair.substring(equals + 1));
            if (key < 0 || result < 0) {
                problem(option, "must be pairs such as " + (option == RunOption.MAP_EXIT ? "143=0" : "HUP=USR1"));
                return map;
            }
            map.put(key, result);
        }
        return map;
    }

    /** -1 for what cannot be forwarded. */
    private static int signal(String text) {
        int signal = Signals.parse(text).orElse(0);
        return signal != 0 && Signals.isTaken(signal) && signal != Signals.CHLD ? signal : -1;
    }

    private static int signalOrNothing(String text) {
        return text.equals("0") ? 0 : Signals.parse(text).orElse(-1);
    }

    private static int code(String text) {
        return text.matches("[0-9]{1,3}") && Integer.parseInt(text) <= LARGEST_EXIT_CODE ? Integer.parseInt(text) : -1;
    }

    private int exitCode() {
        String value = value(RunOption.CONFLICT_EXIT_CODE);
        if (value.isEmpty() && !isTyped(RunOption.CONFLICT_EXIT_CODE)) {
            return -1;
        }
        if (!value.matches("[0-9]{1,3}") || Integer.parseInt(value) > LARGEST_EXIT_CODE) {
            problem(RunOption.CONFLICT_EXIT_CODE, "must be a number from 0 to 255");
            return -1;
        }
        return Integer.parseInt(value);
    }

    private int stopSignal() {
        String value = value(RunOption.STOP_SIGNAL);
        if (value.isEmpty() && !isTyped(RunOption.STOP_SIGNAL)) {
            return 0;
        }
        int signal = Signals.parse(value).orElse(0);
        if (signal == 0) {
            problem(RunOption.STOP_SIGNAL, "must be a signal, such as TERM or 15");
        }
        return signal;
    }

    private Optional<Duration> optionalDuration(RunOption option) {
        String value = value(option);
        if (value.isEmpty() && !isTyped(option)) {
            return Optional.empty();
        }
        Optional<Duration> duration = DurationText.parse(value);
        if (duration.isEmpty()) {
            problem(option, "must be a duration, such as 500ms, 5s or 2m");
        }
        return duration;
    }

    private String text(RunOption option, String otherwise) {
        String value = value(option);
        if (value.isEmpty() && !isTyped(option)) {
            return otherwise;
        }
        if (value.isEmpty() || value.length() > LONGEST_TEXT || !value.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            problem(option, "must be 1 to 64 printable ASCII characters");
        }
        return value;
    }

    private String logLevel() {
        if (isTyped(RunOption.VERBOSE)) {
            return "debug";
        }
        if (isTyped(RunOption.QUIET)) {
            return "error";
        }
        String level = value(RunOption.LOG_LEVEL);
        if (level.isEmpty() && !isTyped(RunOption.LOG_LEVEL)) {
            return "info";
        }
        return oneOf(RunOption.LOG_LEVEL, List.of("debug", "info", "warn", "error", "off"));
    }

    private Optional<String> logFile() {
        String path = value(RunOption.LOG_FILE);
        if (isTyped(RunOption.LOG_FILE) && path.isEmpty()) {
            problem(RunOption.LOG_FILE, "must name a file");
        }
        return Optional.of(path).filter(given -> !given.isEmpty());
    }

    /** The first of the choices is the default. */
    private String oneOf(RunOption option, List<String> choices) {
        String value = value(option).toLowerCase(Locale.ROOT);
        if (value.isEmpty() && !isTyped(option)) {
            return choices.get(0);
        }
        if (!choices.contains(value)) {
            problem(option, "must be one of " + String.join(", ", choices));
            return choices.get(0);
        }
        return value;
    }

    /** What was typed beats what the environment says. */
    private String value(RunOption option) {
        @Nullable String typed = arguments.values().get(option);
        if (typed != null) {
            return typed;
        }
        if (option.variable().isEmpty()) {
            return "";
        }
        String value = environment.apply(option.variable());
        return isOfTheServerAround(option, value) ? "" : value;
    }

    /** A guarded server that guards another one: its own name and lock are not meant for the inner one. */
    private boolean isOfTheServerAround(RunOption option, String value) {
        if (environment.apply(INSTANCE_ID).isEmpty()) {
            return false;
        }
        return option == RunOption.LOCK_FILE
                || (option == RunOption.NAME && value.equals(environment.apply(INSTANCE_NAME)));
    }

    private boolean isTyped(RunOption option) {
        return arguments.values().containsKey(option);
    }

    /** Names who said it. What was typed is shown; what the environment says is not. */
    private void problem(RunOption option, String text) {
        if (isTyped(option)) {
            problemOnCommandLine = true;
            String typed = arguments.values().get(option);
            String shown = option.takesValue() ? " \"" + Printable.text(typed == null ? "" : typed) + "\"" : "";
            problems.add(option.longFlag() + shown + " " + text);
        } else {
            problems.add(option.variable() + " " + text);
        }
    }
}
