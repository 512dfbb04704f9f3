package dev.holdfast.config;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** The name of an instance: what may be one, and how one is made of any text. What a command is called, {@link CommandName} knows. */
public final class InstanceName {
    /** The most characters of a name. */
    public static final int LONGEST = 64;

    /** What a valid name is, for a message. */
    public static final String RULE =
            "must be 1 to 64 letters, digits, dots, underscores or hyphens; not . or .., and no hyphen first";

    private static final int CHECKSUM_LENGTH = 8;
    /** Of what has no name. */
    private static final String NAMELESS = "server";

    private InstanceName() {}

    /**
     * Whether a name may be one.
     *
     * @param name what was given
     * @return true when it has 1 to 64 letters, digits, dots, underscores and hyphens, the first of which is no hyphen
     *     (it would be taken for an option), and is more than one or two dots (which are folders)
     */
    public static boolean isValid(String name) {
        // A loop: the first stream of a process costs more than all the rest of the options.
        for (int i = 0; i < name.length(); i++) {
            if (!isAllowed(name.charAt(i))) {
                return false;
            }
        }
        return !name.isEmpty()
                && name.length() <= LONGEST
                && name.charAt(0) != '-'
                && !name.equals(".")
                && !name.equals("..");
    }

    private static boolean isAllowed(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '_'
                || c == '-';
    }

    /** Eight digits that tell texts apart. */
    static String checksum(String code) {
        CRC32 checksum = new CRC32();
        checksum.update(code.getBytes(StandardCharsets.UTF_8));
        String digits = Long.toHexString(checksum.getValue());
        return "0".repeat(CHECKSUM_LENGTH - digits.length()) + digits;
    }

    /**
     * A valid name of any text. A checksum tells names apart that would otherwise become the same: long ones, and those
     * of other alphabets. Those that differ in a blank or a bracket only become one name, see {@link #distinct}.
     */
    public static String of(String name) {
        boolean otherLetters = false;
        for (int i = 0; i < name.length(); i++) {
            otherLetters |= name.charAt(i) > '~';
        }
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            return NAMELESS;
        }
        return otherLetters || name.length() > LONGEST ? withChecksum(name) : allowed(name);
    }

    /** A valid name that no other text has: of a valid one itself, and of any other one with a checksum of it. */
    public static String distinct(String name) {
        return isValid(name) ? name : withChecksum(name);
    }

    private static String withChecksum(String name) {
        String allowed = name.isEmpty() ? NAMELESS : allowed(name);
        String beginning = allowed.substring(0, Math.min(allowed.length(), LONGEST - 1 - CHECKSUM_LENGTH));
        return beginning + "-" + checksum(name);
    }

    /** With another character for each that may not be in a name. */
    private static String allowed(String name) {
        StringBuilder allowed = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            allowed.append(isAllowed(c) ? c : '-');
        }
        if (allowed.charAt(0) == '-') {
            allowed.setCharAt(0, '_');
        }
        return allowed.toString();
    }
}
