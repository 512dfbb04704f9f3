package dev.holdfast.config;

import java.util.ArrayList;
import java.util.List;

/** What {@code holdfast wait} has beside the options that say where the lock is. */
public enum WaitOption implements CommandOption {
    /** Until it is ready. */
    READY(
            "",
            "--ready",
            "",
            "",
            "wait until the instance is ready, or runs where nothing was said of readiness; also for one that does not run yet; the default"),
    /** Until it is gone. */
    GONE(
            "",
            "--gone",
            "",
            "",
            "wait until the instance and all of its tree have ended; 0 at once when it does not run"),
    /** For how long. */
    TIMEOUT("", "--timeout", "30s", "for ever", "how long to wait; then the exit code is 75");

    private final String shortFlag;
    private final String longFlag;
    private final String placeholder;
    private final String defaultText;
    private final String meaning;

    WaitOption(String shortFlag, String longFlag, String placeholder, String defaultText, String meaning) {
        this.shortFlag = shortFlag;
        this.longFlag = longFlag;
        this.placeholder = placeholder;
        this.defaultText = defaultText;
        this.meaning = meaning;
    }

    /** All options of the command: these, and those that say where the lock is. */
    public static List<CommandOption> all() {
        List<CommandOption> options = new ArrayList<>(List.of(values()));
        options.addAll(InstanceArguments.PLACE);
        return options;
    }

    @Override
    public List<String> flags() {
        return shortFlag.isEmpty() ? List.of(longFlag) : List.of(shortFlag, longFlag);
    }

    @Override
    public String longFlag() {
        return longFlag;
    }

    @Override
    public String placeholder() {
        return placeholder;
    }

    @Override
    public String defaultText() {
        return defaultText;
    }

    @Override
    public String meaning() {
        return meaning;
    }
}
