package dev.holdfast.config;

import dev.holdfast.error.HoldfastException;
import java.util.List;

/** Something was said that cannot be done. Carries all problems, not only the first. */
public final class SettingsException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;
    private final boolean inEnvironmentOnly;

    /**
     * @param problems one line each, at least one
     * @param inEnvironmentOnly whether every one of them is in a variable or the file, and none on the command line
     */
    public SettingsException(List<String> problems, boolean inEnvironmentOnly) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
        this.inEnvironmentOnly = inEnvironmentOnly;
    }

    /**
     * Throws one if there are problems. A class with a {@code throw} of its own loads what it throws when it is verified,
     * also where nothing is wrong: so those on the way to the server call this, and only when there are some.
     *
     * @param problems one line each
     * @param inEnvironmentOnly whether every one of them is in a variable or the file, and none on the command line
     */
    public static void throwIfAny(List<String> problems, boolean inEnvironmentOnly) {
        if (!problems.isEmpty()) {
            throw new SettingsException(problems, inEnvironmentOnly);
        }
    }

    /** One line each. */
    public List<String> problems() {
        return problems;
    }

    /**
     * Whether the configuration is to blame, not what was typed: exit code 78, not 64.
     *
     * @return true when it is
     */
    public boolean isInEnvironmentOnly() {
        return inEnvironmentOnly;
    }
}
