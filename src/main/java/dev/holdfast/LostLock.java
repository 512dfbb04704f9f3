package dev.holdfast;

import java.nio.file.Path;

/**
 * The lock file was removed or replaced under its holder.
 *
 * @param name the instance
 * @param lockFile where the lock was
 * @param state how it is now
 */
public record LostLock(String name, Path lockFile, State state) {
    /** How the lock is after its file was removed or replaced. */
    public enum State {
        /** Made and locked again. Nobody else had it: the second interlock kept everybody out meanwhile. */
        REGAINED,
        /**
         * No file can be put there again: the folder is gone, say, or something stands there that is no lock file. On
         * this machine (more exactly: in this network namespace) the second interlock still keeps others out.
         */
        UNREPAIRABLE,
        /** Somebody else holds the file that is there now. Stop the server. */
        TAKEN
    }
}
