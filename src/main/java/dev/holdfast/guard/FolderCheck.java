package dev.holdfast.guard;

import dev.holdfast.instance.Obstacle;
import dev.holdfast.instance.Obstacle.OtherFolder.Place;
import dev.holdfast.lock.file.ProvedHolder;
import dev.holdfast.posix.processes.ProcFs;
import dev.holdfast.posix.processes.Self;
import java.util.Optional;

/**
 * Whether a holder may be ended in a name that was only derived from the folder or from a program: two projects may have
 * folders of the same name, and the same program may serve both. The holder must work in this very folder.
 */
final class FolderCheck {
    private static final String REMOVED = " (deleted)";

    private FolderCheck() {}

    /** Why not; empty when it may be. */
    static Optional<Obstacle> obstacle(String name, ProvedHolder holder) {
        Place where = Place.OTHER_CONTAINER;
        if (!holder.proved().isEmpty()) {
            String folder = ProcFs.workingDirectory(holder.proved().get(0).pid());
            if (withoutMark(folder).equals(Self.workingDirectory())) {
                return Optional.empty();
            }
            where = folder.isEmpty() ? Place.UNKNOWN : Place.OTHER_FOLDER;
        }
        return Optional.of(new Obstacle.OtherFolder(name, where));
    }

    /** A redeploy may have put another folder into its place. */
    private static String withoutMark(String folder) {
        return folder.endsWith(REMOVED) ? folder.substring(0, folder.length() - REMOVED.length()) : folder;
    }
}
