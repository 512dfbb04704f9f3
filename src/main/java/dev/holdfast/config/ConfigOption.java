package dev.holdfast.config;

/** What {@code holdfast config} has, beside the options that say where the lock is. */
public enum ConfigOption implements CommandOption {
    JSON("--json", "as an object");

    private final OptionRow row;

    ConfigOption(String flag, String meaning) {
        row = OptionRow.of("", flag, "", "", meaning);
    }

    @Override
    public OptionRow row() {
        return row;
    }
}
