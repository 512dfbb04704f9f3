package dev.holdfast.config;

/** What {@code holdfast status} has beside the options that say where the lock is. */
public enum StatusOption implements CommandOption {
    JSON("", "--json", "", "", "print the record and a verdict as JSON");

    private final OptionRow row;

    StatusOption(String shortFlag, String longFlag, String placeholder, String defaultText, String meaning) {
        row = OptionRow.of(shortFlag, longFlag, placeholder, defaultText, meaning);
    }

    @Override
    public OptionRow row() {
        return row;
    }
}
