package dev.holdfast.config;

/** The name of a server that the starts from one folder share: that of the instance, a hyphen, and eight digits of the folder. */
public final class SharedName {
    private static final int DIGITS = 8;
    private static final int LONGEST_BEGINNING = InstanceName.LONGEST - 1 - DIGITS;

    private SharedName() {}

    /**
     * The name in a folder.
     *
     * @param name as it was given, or made of the command
     * @param folder its absolute path
     * @return a valid name, if the given one is
     */
    public static String of(String name, String folder) {
        boolean isLong = name.length() > LONGEST_BEGINNING;
        // What is cut off still tells names apart.
        String told = isLong ? name + '\0' + folder : folder;
        return (isLong ? name.substring(0, LONGEST_BEGINNING) : name) + "-" + InstanceName.checksum(told);
    }

    /**
     * Whether an instance may be a folder's own of a name.
     *
     * @param whole the instance's whole name
     * @param name as it was given
     */
    public static boolean isOf(String whole, String name) {
        return withoutFolder(whole)
                        .equals(name.length() > LONGEST_BEGINNING ? name.substring(0, LONGEST_BEGINNING) : name)
                && !whole.equals(name);
    }

    /** The name as it was given, as far as it is kept; the same where there are no digits at its end. */
    public static String withoutFolder(String whole) {
        int hyphen = whole.length() - 1 - DIGITS;
        if (hyphen < 1 || whole.charAt(hyphen) != '-') {
            return whole;
        }
        for (int i = hyphen + 1; i < whole.length(); i++) {
            char c = whole.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return whole;
            }
        }
        return whole.substring(0, hyphen);
    }
}
