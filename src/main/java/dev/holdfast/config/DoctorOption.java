package dev.holdfast.config;

/** What {@code holdfast doctor} has. */
public enum DoctorOption implements CommandOption {
    JSON("--json", "", "", "as an object, in the shape of diagnose_server_state"),
    SELFTEST(
            "--selftest",
            "",
            "",
            "try the promises instead: take a lock in a temporary folder, be refused, take over, stop; takes some seconds");

    private final OptionRow row;

    DoctorOption(String flag, String placeholder, String defaultText, String meaning) {
        row = OptionRow.of("", flag, placeholder, defaultText, meaning);
    }

    @Override
    public OptionRow row() {
        return row;
    }
}
