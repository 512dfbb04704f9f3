package dev.holdfast.config;

import java.util.List;

/** What {@code holdfast logs} has. */
public enum LogsOption implements CommandOption {
    /** Go on. */
    FOLLOW("-f", "--follow", "", "", "go on with what comes, through rotations and restarts, until Ctrl-C"),
    /** How many. */
    LINES("-n", "--lines", "N", "100; with --since all", "begin with the last N lines; \"all\" for all of them"),
    /** From when on. */
    SINCE("", "--since", "10m", "the beginning", "begin with what came in the last 10m, 2h or 3600 seconds"),
    /** With times. */
    TIMESTAMPS("-t", "--timestamps", "", "", "put the time before each line, in UTC, to a second"),
    /** Another file. */
    OUTPUT(
            "",
            "--output",
            "FILE",
            "~/.holdfast/logs/NAME.log",
            "the file to read, where the server was started with --output");

    private final String shortFlag;
    private final String longFlag;
    private final String placeholder;
    private final String defaultText;
    private final String meaning;

    LogsOption(String shortFlag, String longFlag, String placeholder, String defaultText, String meaning) {
        this.shortFlag = shortFlag;
        this.longFlag = longFlag;
        this.placeholder = placeholder;
        this.defaultText = defaultText;
        this.meaning = meaning;
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
