package dev.holdfast.config;

import java.util.List;

/** What {@code holdfast status} has beside the options that say where the lock is. */
public enum StatusOption implements CommandOption {
    /** In a form for programs. */
    JSON("--json", "print the record and a verdict as JSON");

    private final String flag;
    private final String meaning;

    StatusOption(String flag, String meaning) {
        this.flag = flag;
        this.meaning = meaning;
    }

    @Override
    public List<String> flags() {
        return List.of(flag);
    }

    @Override
    public String longFlag() {
        return flag;
    }

    @Override
    public String placeholder() {
        return "";
    }

    @Override
    public String defaultText() {
        return "";
    }

    @Override
    public String meaning() {
        return meaning;
    }
}
