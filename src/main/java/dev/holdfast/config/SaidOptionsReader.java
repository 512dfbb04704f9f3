package dev.holdfast.config;

import dev.holdfast.settings.SaidOptions;
import dev.holdfast.text.DurationText;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds what a start says that is the host's to do. Loaded only when a server is shared. */
final class SaidOptionsReader {
    /** They choose the host, or are of one start alone, or are compared as what the server is. */
    private static final Set<RunOption> NOT_THE_HOSTS = notTheHosts();

    private SaidOptionsReader() {}

    private static Set<RunOption> notTheHosts() {
        Set<RunOption> options = EnumSet.range(RunOption.NAME, RunOption.ACTIVATE_TIMEOUT);
        options.addAll(EnumSet.of(
                RunOption.TRANSPORT,
                RunOption.HANDOFF,
                RunOption.SHARE,
                RunOption.SHARE_SCOPE,
                RunOption.ON_CONFLICT_COMMAND,
                RunOption.CWD,
                RunOption.ENV_FILE,
                RunOption.USER,
                RunOption.GROUP));
        options.addAll(EnumSet.of(RunOption.CONFIG, RunOption.EXPLAIN, RunOption.VERBOSE, RunOption.QUIET));
        return options;
    }

    static SaidOptions read(OptionValues values) {
        Map<String, String> said = new HashMap<>();
        for (RunOption option : RunOption.values()) {
            if (!NOT_THE_HOSTS.contains(option) && values.isSet(option)) {
                String text = option.placeholder().isEmpty() ? values.isOn(option) + "" : values.text(option);
                said.put(option.key(), alike(option, text));
            }
        }
        if (values.isOn(RunOption.VERBOSE) || values.isOn(RunOption.QUIET)) {
            said.put(RunOption.LOG_LEVEL.key(), values.isOn(RunOption.VERBOSE) ? "debug" : "error");
        }
        return new SaidOptions(said, SaidOptionsReader::usual);
    }

    private static String usual(String name) {
        for (RunOption option : RunOption.values()) {
            if (option.key().equals(name)) {
                return alike(option, option == RunOption.DEATH_SIGNAL ? "KILL" : option.defaultText());
            }
        }
        return "";
    }

    /** One text for what means the same: 60s and 1m, 1K and 1024, Yes and true. */
    private static String alike(RunOption option, String text) {
        String word = text.trim();
        if (option.placeholder().indexOf('|') >= 0) {
            word = word.toLowerCase(Locale.ROOT);
        }
        if (option.placeholder().equals("SIZE")) {
            return Long.toString(OutputOptions.bytes(word));
        }
        Optional<Duration> duration = DurationText.parse(word);
        return duration.isPresent() ? duration.get().toString() : word;
    }
}
