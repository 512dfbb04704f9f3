package dev.holdfast.config;

/** What {@code holdfast wait} has beside the options that say where the lock is. */
public enum WaitOption implements CommandOption {
    READY(
            "",
            "--ready",
            "",
            "",
            "wait until the instance is ready, or runs where nothing was said of readiness; also for one that does not run yet; the default"),
    GONE(
            "",
            "--gone",
            "",
            "",
            "wait until the instance and all of its tree have ended; 0 at once when it does not run"),
    TIMEOUT("", "--timeout", "30s", "for ever", "how long to wait; then the exit code is 75");

    private final OptionRow row;

    WaitOption(String shortFlag, String longFlag, String placeholder, String defaultText, String meaning) {
        row = OptionRow.of(shortFlag, longFlag, placeholder, defaultText, meaning);
    }

    @Override
    public OptionRow row() {
        return row;
    }
}
