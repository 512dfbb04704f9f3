package dev.holdfast.cli;

import dev.holdfast.lock.file.LockFile;
import dev.holdfast.settings.InstanceVariables;
import dev.holdfast.settings.LockFileName;
import dev.holdfast.text.ShellWord;

/** A command line that a message offers, made from all that is needed to mean this very lock, and ready for a shell. */
final class InstanceHint {
    /** Any of these in the environment would give a bare name another meaning. */
    private static final String[] PLACE_VARIABLES = {"HOLDFAST_LOCK_DIR", InstanceVariables.LOCK_FILE, "HOLDFAST_SCOPE"
    };

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
        return "holdfast " + verb + (nameIsEnough ? " " + name : " --lock-file " + ShellWord.quoted(lockFile.path()));
    }

    private static boolean isPlaceInEnvironment() {
        for (String variable : PLACE_VARIABLES) {
            if (System.getenv(variable) != null) {
                return true;
            }
        }
        return false;
    }
}
