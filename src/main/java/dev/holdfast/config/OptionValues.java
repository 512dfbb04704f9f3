package dev.holdfast.config;

import dev.holdfast.posix.processes.Self;
import dev.holdfast.settings.InstanceVariables;
import dev.holdfast.text.Digits;
import dev.holdfast.text.DurationText;
import dev.holdfast.text.Printable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The value of each option: a flag beats a variable, and that the configuration file. Reads the common kinds of values
 * and collects what is wrong with them, so that all problems are told together.
 */
final class OptionValues {
    private static final Set<String> TRUE = Set.of("true", "1", "yes", "on");
    private static final Set<String> FALSE = Set.of("false", "0", "no", "off", "");
    private static final int LONGEST_TEXT = 64;
    private static final int LARGEST_EXIT_CODE = 255;

    private final RunArguments arguments;
    private final UnaryOperator<String> environment;
    private final Map<RunOption, OptionValue> file = new EnumMap<>(RunOption.class);
    private final List<String> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private boolean problemOnCommandLine;

    OptionValues(RunArguments arguments, UnaryOperator<String> environment) {
        this.arguments = arguments;
        this.environment = environment;
    }

    /** Adds what the configuration file says, less what gives way to what was typed or is in a variable. */
    void addFile(Map<RunOption, OptionValue> values) {
        Map<RunOption, OptionValue> rest = new EnumMap<>(values);
        for (RunOption option : RunOption.values()) {
            if (isSet(option)) {
                ConfigFile.giveWay(rest, option);
            }
        }
        file.putAll(rest);
    }

    /** A problem with the configuration file, which names the file itself. */
    void fileProblem(String text) {
        problems.add(text);
    }

    /** The value of an option. An empty variable is as good as none. */
    OptionValue value(RunOption option) {
        @Nullable String typed = arguments.values().get(option);
        if (typed != null) {
            return new OptionValue(typed, OptionValue.Origin.COMMAND_LINE, option.longFlag());
        }
        if (!option.variable().isEmpty()) {
            String value = environment.apply(option.variable());
            if (!value.isEmpty() && !isOfTheServerAround(option, value)) {
                return new OptionValue(value, OptionValue.Origin.ENVIRONMENT, option.variable());
            }
        }
        return file.getOrDefault(option, OptionValue.NOTHING);
    }

    String text(RunOption option) {
        return value(option).text();
    }

    boolean isAnySet(RunOption... options) {
        for (RunOption option : options) {
            if (isSet(option)) {
                return true;
            }
        }
        return false;
    }

    /** What was typed. */
    Set<RunOption> typed() {
        return arguments.values().keySet();
    }

    boolean isSet(RunOption option) {
        return value(option).origin() != OptionValue.Origin.DEFAULT;
    }

    /** How many sockets the caller passes on by sd_listen_fds(3), from descriptor 3 on. */
    int listenedSockets() {
        return Self.listenedSockets(environment.apply("LISTEN_PID"), environment.apply("LISTEN_FDS"));
    }

    /** A guarded server that guards another one: its own name, lock and sharing are not meant for the inner one. */
    private boolean isOfTheServerAround(RunOption option, String value) {
        boolean isPassedOn = option == RunOption.LOCK_FILE || option == RunOption.NAME || option == RunOption.SHARE;
        return isPassedOn
                && !environment.apply(InstanceVariables.ID).isEmpty()
                && (option != RunOption.NAME || value.equals(environment.apply(InstanceVariables.NAME)));
    }

    /** A switch. */
    boolean isOn(RunOption option) {
        return value(option).origin() == OptionValue.Origin.COMMAND_LINE || isTrue(value(option), false);
    }

    /** A switch that takes away what its variable says is there, as {@code --no-tracking} does. */
    boolean isOffByVariable(RunOption option) {
        return value(option).origin() == OptionValue.Origin.ENVIRONMENT ? !isTrue(value(option), true) : isOn(option);
    }

    private boolean isTrue(OptionValue value, boolean otherwise) {
        String word = value.text().trim().toLowerCase(Locale.ROOT);
        if (TRUE.contains(word) || FALSE.contains(word)) {
            return TRUE.contains(word);
        }
        // The value itself is not repeated: nothing from the environment goes into a message.
        String warning = value.place() + " is neither true, 1, yes, on nor false, 0, no, off; taken as " + otherwise;
        if (!warnings.contains(warning)) { // some are asked for more than once
            warnings.add(warning);
        }
        return otherwise;
    }

    /**
     * The first of the choices is the default. The words that are typed are those of {@code toString}.
     *
     * @param <E> an enum; not said to be one, since the verifier would load each to see whether it is
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is only read
    final <E> E choice(RunOption option, E... choices) {
        if (!isSet(option)) {
            return choices[0];
        }
        Optional<E> choice = choiceOf(text(option), choices);
        if (choice.isEmpty()) {
            problem(option, "must be one of " + option.placeholder().replace("|", ", "));
        }
        return choice.orElse(choices[0]);
    }

    /** The choice that a word means, in any case; empty when it means none. */
    static <E> Optional<E> choiceOf(String word, E[] choices) {
        String value = word.toLowerCase(Locale.ROOT);
        for (E choice : choices) {
            if (choice.toString().equals(value)) {
                return Optional.of(choice);
            }
        }
        return Optional.empty();
    }

    /** The words of choices, for a message. */
    static <E> String words(E[] choices) {
        StringBuilder words = new StringBuilder();
        for (E choice : choices) {
            words.append(words.isEmpty() ? "" : ", ").append(choice);
        }
        return words.toString();
    }

    Duration duration(RunOption option, Duration otherwise) {
        return optionalDuration(option).orElse(otherwise);
    }

    Optional<Duration> optionalDuration(RunOption option) {
        if (!isSet(option)) {
            return Optional.empty();
        }
        Optional<Duration> duration = DurationText.parse(text(option));
        if (duration.isEmpty()) {
            problem(option, "must be a duration, such as 500ms, 5s or 2m");
        }
        return duration;
    }

    /** A whole number; empty when nothing, or something else, was said. */
    OptionalInt number(RunOption option, int least, int most) {
        if (!isSet(option)) {
            return OptionalInt.empty();
        }
        String value = text(option);
        if (isWholeNumber(value)) {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return OptionalInt.of(number);
            }
        }
        problem(option, "must be a number from " + least + " to " + most);
        return OptionalInt.empty();
    }

    private static boolean isWholeNumber(String text) {
        int digits = text.startsWith("-") ? 1 : 0;
        return text.length() <= digits + 9 && Digits.isNumber(text.substring(digits));
    }

    /** A short text for the record. */
    String shortText(RunOption option, String otherwise) {
        if (!isSet(option)) {
            return otherwise;
        }
        String value = text(option);
        if (value.isEmpty() || value.length() > LONGEST_TEXT || !Printable.isAscii(value)) {
            problem(option, "must be 1 to 64 printable ASCII characters");
        }
        return value;
    }

    /** Something that must not be empty when it is said, since "$UNSET" is a mistake. */
    Optional<String> nonEmpty(RunOption option, String what) {
        if (!isSet(option)) {
            return Optional.empty();
        }
        String value = text(option);
        if (value.isBlank()) {
            problem(option, "must " + what);
            return Optional.empty();
        }
        return Optional.of(value);
    }

    /** Pairs of numbers, such as {@code 143=0,130=0}; the readers return -1 for what is none. */
    Map<Integer, Integer> map(RunOption option, ToIntFunction<String> from, ToIntFunction<String> to) {
        Map<Integer, Integer> map = new HashMap<>();
        if (!isSet(option)) {
            return map;
        }
        for (String pair : text(option).split(",", -1)) {
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

    /** An exit code; -1 for what is none. */
    static int exitCode(String text) {
        return text.length() <= 3
                        && isWholeNumber(text)
                        && !text.startsWith("-")
                        && Integer.parseInt(text) <= LARGEST_EXIT_CODE
                ? Integer.parseInt(text)
                : -1;
    }

    /** Names who said it. What was typed is shown; what the environment says is not. */
    void problem(RunOption option, String text) {
        OptionValue value = value(option);
        switch (value.origin()) {
            case COMMAND_LINE, DEFAULT -> {
                problemOnCommandLine = true;
                String shown = option.takesValue() ? " \"" + Printable.text(value.text()) + "\"" : "";
                problems.add(option.longFlag() + shown + " " + text);
            }
            case ENVIRONMENT -> problems.add(value.place() + " " + text);
            case FILE -> problems.add(value.place() + ": " + option.key() + " " + text);
        }
    }

    List<String> warnings() {
        return warnings;
    }

    void warn(String text) {
        warnings.add(text);
    }

    /** Ends the reading when anything was wrong. */
    void throwProblems() {
        if (!problems.isEmpty()) {
            SettingsException.throwIfAny(problems, !problemOnCommandLine);
        }
    }
}
