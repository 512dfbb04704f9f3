package dev.holdfast.config;

import java.util.ArrayList;
import java.util.List;

/** What {@code holdfast start} has beside the options of {@link RunOption run}. */
public enum StartOption implements CommandOption {
    /** How long it must run. */
    SETTLE("", "--settle", "1s", "1s", "without --ready-..., how long the server must have run to count as started"),
    /** In the place of another one. */
    REPLACE("", "--replace", "", "", "when another command runs under this name, end it first, as --force does"),
    /** What it reads. */
    STDIN(
            "",
            "--stdin",
            "null|hold",
            "null",
            "what the server reads: /dev/null, or a pipe that nobody writes to, for servers that end with their input");

    private final String shortFlag;
    private final String longFlag;
    private final String placeholder;
    private final String defaultText;
    private final String meaning;

    StartOption(String shortFlag, String longFlag, String placeholder, String defaultText, String meaning) {
        this.shortFlag = shortFlag;
        this.longFlag = longFlag;
        this.placeholder = placeholder;
        this.defaultText = defaultText;
        this.meaning = meaning;
    }

    /** All options of the command: these, and those of {@link RunOption run}. */
    public static List<CommandOption> all() {
        List<CommandOption> options = new ArrayList<>(List.of(values()));
        options.addAll(List.of(RunOption.values()));
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
