package dev.holdfast.config;

/** What {@code holdfast logs} has. */
public enum LogsOption implements CommandOption {
    FOLLOW("-f", "--follow", "", "", "go on with what comes, through rotations and restarts, until Ctrl-C"),
    LINES("-n", "--lines", "N", "100; with --since all", "begin with the last N lines; \"all\" for all of them"),
    SINCE("", "--since", "10m", "the beginning", "begin with what came in the last 10m, 2h or 3600 seconds"),
    TIMESTAMPS("-t", "--timestamps", "", "", "put the time before each line, in UTC, to a second"),
    OUTPUT(
            "",
            "--output",
            "FILE",
            "~/.holdfast/logs/NAME.log",
            "the file to read, where the server was started with --output");

    private final OptionRow row;

    LogsOption(String shortFlag, String longFlag, String placeholder, String defaultText, String meaning) {
        row = OptionRow.of(shortFlag, longFlag, placeholder, defaultText, meaning);
    }

    @Override
    public OptionRow row() {
        return row;
    }
}
