package dev.holdfast.config;

/** What {@code holdfast ps} has. */
public enum PsOption implements CommandOption {
    /** By what the list is ordered. */
    SORT("--sort", "name|state|pid|age|restarts|memory", "name", "by what to order the list"),
    /** For programs. */
    JSON("--json", "", "", "as a list of objects"),
    /** Again and again. */
    WATCH(
            "--watch",
            "",
            "",
            "look each second, and draw the list anew; not on a terminal: print it again when it has changed"),
    /** Those of others, too. */
    ALL("--all", "", "", "the instances of all users, which root may see");

    private final OptionRow row;

    PsOption(String longFlag, String placeholder, String defaultText, String meaning) {
        row = OptionRow.of("", longFlag, placeholder, defaultText, meaning);
    }

    @Override
    public OptionRow row() {
        return row;
    }
}
