package dev.holdfast.guard;

import dev.holdfast.lock.file.ProvedHolder;
import dev.holdfast.posix.processes.ProcFs;
import dev.holdfast.posix.processes.Self;
import org.jspecify.annotations.Nullable;

/**
 * Whether a holder may be ended in a name that was only derived from the folder or from a program: two projects may have
 * folders of the same name, and the same program may serve both. The holder must work in this very folder.
 */
final class FolderCheck {
    private static final String REMOVED = " (deleted)";

    private FolderCheck() {}

    /** Why not, as half a sentence; null when it may be. */
    static @Nullable String obstacle(String name, ProvedHolder holder) {
        String where = "another container";
        if (!holder.proved().isEmpty()) {
            String folder = ProcFs.workingDirectory(holder.proved().get(0).pid());
            if (withoutMark(folder).equals(Self.workingDirectory())) {
                return null;
            }
            where = folder.isEmpty() ? "a folder that cannot be told" : "another folder";
        }
        return "nobody gave it the name \"" + name
                + "\": it was taken from the folder or the program, and that instance runs in " + where
                + "; if you mean it, say so by --name " + name;
    }

    /** A redeploy may have put another folder into its place. */
    private static String withoutMark(String folder) {
        return folder.endsWith(REMOVED) ? folder.substring(0, folder.length() - REMOVED.length()) : folder;
    }
}
