package dev.holdfast.config;

/** What {@code holdfast start} has beside the options of {@link RunOption run}. */
public enum StartOption implements CommandOption {
    SETTLE("", "--settle", "1s", "1s", "without --ready-..., how long the server must have run to count as started"),
    REPLACE(
            "",
            "--replace",
            "",
            "",
            "when another command runs under this name, redeploy it; where that cannot be, end it first, as --force does"),
    STDIN(
            "",
            "--stdin",
            "null|hold",
            "null",
            "what the server reads: /dev/null, or a pipe that nobody writes to, for servers that end with their input");

    private final OptionRow row;

    StartOption(String shortFlag, String longFlag, String placeholder, String defaultText, String meaning) {
        row = OptionRow.of(shortFlag, longFlag, placeholder, defaultText, meaning);
    }

    @Override
    public OptionRow row() {
        return row;
    }
}
