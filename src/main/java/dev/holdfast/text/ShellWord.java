package dev.holdfast.text;

/** Words of a command line that a message offers, ready for a shell. */
public final class ShellWord {
    private static final String HARMLESS = "/._-+=:,@%";

    private ShellWord() {}

    /**
     * A word as a POSIX shell takes it.
     *
     * @param word anything without a newline
     * @return the word as it is, or in single quotes
     */
    public static String quoted(String word) {
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            boolean harmless = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!harmless && HARMLESS.indexOf(c) < 0) {
                return "'" + word.replace("'", "'\\''") + "'";
            }
        }
        return word;
    }
}
