package dev.holdfast.registry;

import dev.holdfast.posix.files.FileNames;
import dev.holdfast.posix.files.FileStatus;
import java.util.Optional;

/** Moves what is no record into a folder beside, under its own name, or with a number where that is taken. */
final class CorruptFiles {
    private final InstancesFolder folder;
    private final int owner;

    /**
     * Nothing is moved yet.
     *
     * @param owner whose files they are
     */
    CorruptFiles(InstancesFolder folder, int owner) {
        this.folder = folder;
        this.owner = owner;
    }

    /**
     * Moves one; nothing is replaced by it. An instance may have put a new file of that name there since it was read: that one
     * comes back.
     *
     * @param name the file's
     * @param read which file was read, and found to be no record
     * @return its name from now on; empty when it could not be moved, or is not there any more
     */
    String moveAside(String name, FileStatus read) {
        // In a shared folder the first user's is closed to the others.
        String corrupt = folder.isShared() ? "corrupt-" + Integer.toUnsignedString(owner) : "corrupt";
        var unused = FileNames.makeFolder(folder.inside(corrupt));
        Optional<FileStatus> status = FileStatus.ofName(folder.inside(corrupt));
        if (status.isEmpty() || !status.get().isDirectory() || status.get().owner() != owner || !isAt(name, read)) {
            return "";
        }
        String free = corrupt + "/" + name;
        for (int i = 1; FileStatus.ofName(folder.inside(free)).isPresent(); i++) {
            free = corrupt + "/" + name + "." + i;
        }
        if (FileNames.rename(folder.inside(name), folder.inside(free)) != 0) {
            return "";
        }
        if (!isAt(free, read)) {
            putBack(free, name);
            return "";
        }
        return free;
    }

    private boolean isAt(String name, FileStatus read) {
        Optional<FileStatus> there = FileStatus.ofName(folder.inside(name));
        return there.isPresent() && there.get().isSameFile(read);
    }

    /** Unless there is a newer one by now. */
    void putBack(String moved, String name) {
        if (FileNames.link(folder.inside(moved), folder.inside(name)) == 0
                || FileStatus.ofName(folder.inside(name)).isPresent()) {
            FileNames.unlink(folder.inside(moved));
        } else {
            var unused = FileNames.rename(folder.inside(moved), folder.inside(name)); // there are no hard links
        }
    }
}
