package dev.holdfast.config;

/** What {@code holdfast resolve} has. */
public enum ResolveOption implements CommandOption {
    YES("--yes", "do it; otherwise only what would be done is told"),
    TERMINATE_ORPHANS("--terminate-orphans", "also stop servers whose launchers were killed"),
    JSON("--json", "as an object, in the shape of cleanup_results");

    private final OptionRow row;

    ResolveOption(String flag, String meaning) {
        row = OptionRow.of("", flag, "", "", meaning);
    }

    @Override
    public OptionRow row() {
        return row;
    }
}
