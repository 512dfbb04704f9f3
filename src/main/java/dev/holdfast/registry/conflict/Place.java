package dev.holdfast.registry.conflict;

import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.registry.DataDirectory;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A folder of data, and all that it lies in.
 *
 * @param path absolute, without dots
 * @param marks what it is known by: its real path, and the device and inode that it has and had
 * @param above the marks of the folders that it lies in
 */
record Place(String path, Set<String> marks, Set<String> above) {
    Place {
        marks = Set.copyOf(marks);
        above = Set.copyOf(above);
    }

    /** Looks where a folder is now. One that cannot be reached is known by what was recorded. */
    static Place of(DataDirectory directory) {
        Set<String> marks = new TreeSet<>();
        if (!directory.id().isEmpty()) {
            marks.add(directory.id());
        }
        Set<String> above = new TreeSet<>();
        Path said;
        try {
            said = Path.of(directory.path()).normalize();
        } catch (InvalidPathException e) {
            marks.add(directory.path());
            return new Place(directory.path(), marks, above);
        }
        Path real = real(said);
        addMarks(real, marks);
        for (Path parent = real.getParent(); parent != null; parent = parent.getParent()) {
            addMarks(parent, above);
        }
        return new Place(said.toString(), marks, above);
    }

    /** By what was recorded alone. */
    static Place asRecorded(DataDirectory directory) {
        Set<String> marks = new TreeSet<>();
        marks.add(directory.path());
        if (!directory.id().isEmpty()) {
            marks.add(directory.id());
        }
        Set<String> above = new TreeSet<>();
        for (int slash = directory.path().lastIndexOf('/'); slash > 0; ) {
            above.add(directory.path().substring(0, slash));
            slash = directory.path().lastIndexOf('/', slash - 1);
        }
        return new Place(directory.path(), marks, above);
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path;
        }
    }

    private static void addMarks(Path folder, Set<String> marks) {
        marks.add(folder.toString());
        Optional<FileStatus> status = FileStatus.ofTarget(folder.toString());
        if (status.isPresent()) {
            marks.add(Long.toHexString(status.get().device()) + ":"
                    + Long.toHexString(status.get().inode()));
        }
    }

    /** What it has to do with another one. */
    Overlap with(Place other) {
        if (path.equals(other.path)) {
            return Overlap.EQUAL;
        }
        if (haveCommon(marks, other.marks)) {
            return Overlap.SAME_FOLDER;
        }
        return haveCommon(above, other.marks) || haveCommon(marks, other.above) ? Overlap.NESTED : Overlap.NONE;
    }

    private static boolean haveCommon(Set<String> some, Set<String> others) {
        for (String mark : some) {
            if (others.contains(mark)) {
                return true;
            }
        }
        return false;
    }
}
