package dev.holdfast.cli;

import dev.holdfast.lock.file.LockFile;
import dev.holdfast.settings.InstanceVariables;
import dev.holdfast.settings.LockFileName;

/** A command line that a message offers, made from all that is needed to mean this very lock, and ready for a shell. */
final class InstanceHint {
    /** Any of these in the environment would give a bare name another meaning. */
    private static final String[] PLACE_VARIABLES = {"HOLDFAST_LOCK_DIR", InstanceVariables.LOCK_FILE, "HOLDFAST_SCOPE"
    };

    private static final String HARMLESS = "/._-+=:,@%";

    private InstanceHint() {}

    /**
     * What to type to do something with an instance: by its name where that is enough, by its lock file otherwise.
     *
     * @param verb such as {@code stop}
     * @param lockFile its lock, by an absolute path
     * @return such as {@code holdfast stop orders}
     */
    static String command(String verb, String name, LockFile lockFile) {
        boolean nameIsEnough = lockFile.path().equals("/tmp/" + name + LockFileName.SUFFIX) && !isPlaceInEnvironment();
        return "holdfast " + verb + (nameIsEnough ? " " + name : " --lock-file " + quoted(lockFile.path()));
    }

    private static boolean isPlaceInEnvironment() {
        for (String variable : PLACE_VARIABLES) {
            if (System.getenv(variable) != null) {
                return true;
            }
        }
        return false;
    }

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
