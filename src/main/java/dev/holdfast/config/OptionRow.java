package dev.holdfast.config;

import java.util.List;

/**
 * A row of a command's option table: what every option has, whichever command's it is.
 *
 * @param flags how it is typed, the long flag that is ours last
 * @param placeholder what stands for its value in the help; empty for a switch
 * @param defaultText what holds when nothing is said, in words for the help; empty when there is nothing to say
 * @param meaning what it does, half a sentence
 */
public record OptionRow(List<String> flags, String placeholder, String defaultText, String meaning) {
    /** Copies the list. */
    public OptionRow {
        flags = List.copyOf(flags);
    }

    /** A row with one short flag, which is empty when there is none. */
    static OptionRow of(String shortFlag, String longFlag, String placeholder, String defaultText, String meaning) {
        List<String> flags = shortFlag.isEmpty() ? List.of(longFlag) : List.of(shortFlag, longFlag);
        return new OptionRow(flags, placeholder, defaultText, meaning);
    }
}
