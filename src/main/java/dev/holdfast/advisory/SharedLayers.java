package dev.holdfast.advisory;

import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.files.FileSystemType;
import dev.holdfast.posix.files.MountTable;
import dev.holdfast.text.Printable;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Other overlay mounts with the same lower folder, as far as this mount namespace shows them. The same path in two of them
 * is two files to the kernel, so their locks do not exclude each other. A container sees its own mount only, and there
 * locks are right.
 */
public final class SharedLayers {
    private SharedLayers() {}

    /** Where such a mount is; empty when there is none, and where the file is on no overlay at all. */
    public static Optional<String> of(String path) {
        if (FileSystemType.of(path) != FileSystemType.OVERLAY) {
            return Optional.empty();
        }
        long device = FileStatus.ofTarget(path).map(FileStatus::device).orElse(0L);
        List<MountTable.Mount> overlays = MountTable.all().stream()
                .filter(mount -> mount.type().equals("overlay"))
                .toList();
        List<String> lower = overlays.stream()
                .filter(mount -> mount.device() == device)
                .flatMap(mount -> Arrays.stream(mount.option("lowerdir").split(":")))
                .filter(layer -> !layer.isEmpty())
                .toList();
        return overlays.stream()
                .filter(mount -> mount.device() != device
                        && Arrays.stream(mount.option("lowerdir").split(":")).anyMatch(lower::contains))
                .map(MountTable.Mount::folder)
                .findFirst();
    }

    /** As a sentence for a warning. */
    public static String text(String otherMount) {
        return "the overlay mounted at \"" + Printable.line(otherMount)
                + "\" has the same lower folder: its locks and these do not exclude each other";
    }
}
