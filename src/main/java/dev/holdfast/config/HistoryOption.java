package dev.holdfast.config;

/** What {@code holdfast history} has. */
public enum HistoryOption implements CommandOption {
    LINES("-n", "--lines", "N", "50", "the last N lines; \"all\" for all of them"),
    JSON("", "--json", "", "", "as a list of objects");

    private final OptionRow row;

    HistoryOption(String shortFlag, String longFlag, String placeholder, String defaultText, String meaning) {
        row = OptionRow.of(shortFlag, longFlag, placeholder, defaultText, meaning);
    }

    @Override
    public OptionRow row() {
        return row;
    }
}
