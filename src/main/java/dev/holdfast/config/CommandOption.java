package dev.holdfast.config;

import java.util.List;

/** An option of a command: what the parser, the help, the completion and the reference are made from. */
public interface CommandOption {
    /** How it is typed: the flags, the long one that is ours last. */
    List<String> flags();

    /** Such as {@code --name}. */
    String longFlag();

    /** What stands for its value in the help; empty for a switch. */
    String placeholder();

    /** Whether it takes a value; a switch does not. */
    default boolean takesValue() {
        return !placeholder().isEmpty();
    }

    /** Whether it may be given more than once, and all of it counts; else the last one wins. */
    default boolean isRepeatable() {
        return false;
    }

    /** What holds when nothing is said, in words for the help; empty when there is nothing to say. */
    String defaultText();

    /** What it does, half a sentence. */
    String meaning();
}
