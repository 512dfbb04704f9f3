package dev.holdfast.config;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The command line of {@code holdfast status}, {@code stop}, {@code restart} and {@code reload}.
 *
 * @param command which of them
 * @param name the instance; empty when none was typed
 * @param values what was said, by option
 * @param isJson whether {@code --json} was
 */
public record InstanceArguments(String command, String name, Map<RunOption, String> values, boolean isJson) {
    /** The option that {@code status} alone has. */
    public static final String JSON = "--json";

    /** The options that say where the lock is, which all of them have. */
    public static final List<RunOption> PLACE =
            List.of(RunOption.SCOPE, RunOption.LOCK_DIR, RunOption.LOCK_FILE, RunOption.CONFIG);

    private static final List<String> COMMANDS = List.of("status", "stop", "restart", "reload");
    private static final List<RunOption> PLACE_AND_GRACE =
            List.of(RunOption.GRACE, RunOption.SCOPE, RunOption.LOCK_DIR, RunOption.LOCK_FILE, RunOption.CONFIG);

    /**
     * The options with a value that a command has.
     *
     * @param command the command
     * @return what says where the lock is, and more
     */
    public static List<RunOption> options(String command) {
        return command.equals("stop") ? PLACE_AND_GRACE : PLACE;
    }

    /**
     * Reads a plain command line: a name or none, and options that are written out, once each, with a value. By hand,
     * since health checks come every few seconds, and an option framework would cost several times the rest. It is left
     * to one to read all else: help, mistakes, and the liberties that such a framework grants.
     *
     * @param words the command and all that follows it
     * @return what was said; empty when it is another command, or not that plain
     */
    public static Optional<InstanceArguments> ofPlain(List<String> words) {
        if (words.isEmpty() || !COMMANDS.contains(words.get(0))) {
            return Optional.empty();
        }
        String command = words.get(0);
        String name = "";
        boolean isJson = false;
        Map<RunOption, String> values = new EnumMap<>(RunOption.class);
        for (int at = 1; at < words.size(); at++) {
            String word = words.get(at);
            if (isPlain(word) && name.isEmpty()) {
                name = word;
            } else if (word.equals(JSON) && command.equals("status") && !isJson) {
                isJson = true;
            } else {
                int equals = word.indexOf('=');
                RunOption option = find(command, equals < 0 ? word : word.substring(0, equals));
                String value = equals >= 0 ? word.substring(equals + 1) : at + 1 < words.size() ? words.get(++at) : "";
                if (option == null || !isPlain(value) || values.put(option, value) != null) {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(new InstanceArguments(command, name, values, isJson));
    }

    /** No option, and no file with further words, which begins with an at sign. */
    private static boolean isPlain(String word) {
        return !word.isEmpty() && word.charAt(0) != '-' && word.charAt(0) != '@';
    }

    private static @Nullable RunOption find(String command, String flag) {
        for (RunOption option : options(command)) {
            if (option.longFlag().equals(flag)) {
                return option;
            }
        }
        return null;
    }
}
