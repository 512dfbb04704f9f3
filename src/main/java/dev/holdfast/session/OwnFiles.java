package dev.holdfast.session;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileNames;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.files.PositionedAccess;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.session.SessionException.Reason;
import dev.holdfast.text.Printable;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Files and folders for their owner alone. What is there already must be this user's own, and no link. */
public final class OwnFiles {
    private static final int OF_OTHERS = 077;
    private static final int MOST_BYTES = 65_536;
    /** The end of the name of a file that is being written. */
    private static final String FRESH = ".new";

    private OwnFiles() {}

    /** A record that can be told from what others have planted. */
    public static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        Unreadable(String message) {
            super(message);
        }
    }

    /**
     * Makes a folder where it is missing, and closes one that is open to others.
     *
     * @throws SessionException if it cannot be made, or what is there is not this user's folder
     */
    static void requireFolder(String path) {
        makeFolder(path);
        if (isOpenToOthers(path)) {
            try {
                Files.setPosixFilePermissions(Path.of(path), PosixFilePermissions.fromString("rwx------"));
            } catch (IOException e) {
                throw new SessionException(
                        Reason.UNSAFE, "the folder \"" + shown(path) + "\" is open to others, and cannot be closed");
            }
        }
    }

    /**
     * Makes a folder where it is missing. One that is there may be used for something else, too: its mode is left as it is.
     *
     * @throws SessionException if it cannot be made, or what is there is not this user's folder
     */
    static void makeFolder(String path) {
        int errno = FileNames.makeFolder(path);
        if (errno != 0 && errno != Errno.EEXIST) {
            throw new SessionException(
                    Reason.NOT_MADE, "cannot make the folder \"" + shown(path) + "\": " + Errno.describe(errno));
        }
        String problem = problem(path);
        if (!problem.isEmpty()) {
            throw new SessionException(Reason.UNSAFE, "the folder \"" + shown(path) + "\" " + problem);
        }
    }

    private static boolean isOpenToOthers(String path) {
        Optional<FileStatus> status = FileStatus.ofName(path);
        return status.isPresent() && (status.get().permissions() & OF_OTHERS) != 0;
    }

    /** Why a folder is not this user's own; empty when it is. */
    static String problem(String path) {
        Optional<FileStatus> status = FileStatus.ofName(path);
        if (status.isEmpty()) {
            return "cannot be reached";
        }
        if (!status.get().isDirectory()) {
            return "is a " + status.get().kind() + ", not a directory";
        }
        return status.get().owner() == Self.effectiveUser()
                ? ""
                : "belongs to another user (uid "
                        + Integer.toUnsignedString(status.get().owner()) + ")";
    }

    /**
     * Writes a file of a folder that is this user's own, in place of one that is there: whoever reads sees the old or the
     * new one.
     *
     * @throws SessionException if it cannot be written; what was there stays
     */
    public static void write(String path, byte[] bytes) {
        int errno = FileNames.replace(fresh(path), path, bytes);
        if (errno != 0) {
            throw cannotWrite(path, errno);
        }
    }

    /**
     * Writes a file where none is. What is there stays as it is.
     *
     * @throws SessionException if it cannot be written
     */
    static void writeFirst(String path, byte[] bytes) {
        String fresh = fresh(path);
        int errno = FileNames.make(fresh, bytes);
        if (errno == 0) {
            errno = FileNames.link(fresh, path);
            FileNames.unlink(fresh);
        }
        if (errno != 0 && errno != Errno.EEXIST) {
            throw cannotWrite(path, errno);
        }
    }

    /** Makes an empty file where none is, whatever the umask says. Failures are left to who opens it. */
    static void touch(String path) {
        var unused = FileNames.make(path, new byte[0]);
    }

    /** A name that no other writer has. What a kill has left by one is removed with its folder. */
    private static String fresh(String path) {
        int slash = path.lastIndexOf('/');
        return path.substring(0, slash) + "/." + path.substring(slash + 1) + "."
                + Integer.toHexString(Self.randomBits()) + FRESH;
    }

    /** Whether a file is, by its name, one that was being written. */
    static boolean isFresh(String name) {
        return name.startsWith(".") && name.endsWith(FRESH);
    }

    private static SessionException cannotWrite(String path, int errno) {
        return new SessionException(Reason.NOT_MADE, "cannot write \"" + shown(path) + "\": " + Errno.describe(errno));
    }

    /**
     * Reads a small file.
     *
     * @return its bytes; empty when there is none
     * @throws Unreadable if it is not this user's own regular file, or is too large
     */
    public static Optional<byte[]> read(String path) throws Unreadable {
        int file = FileDescriptors.openUntrusted(path);
        if (file == -Errno.ENOENT) {
            return Optional.empty();
        }
        if (file < 0) {
            throw new Unreadable(Errno.describe(-file));
        }
        try {
            FileStatus status = FileStatus.ofDescriptor(file);
            if (!status.isRegular() || status.owner() != Self.effectiveUser() || status.size() > MOST_BYTES) {
                throw new Unreadable("it is no small regular file of this user's");
            }
            return Optional.of(PositionedAccess.readAt(file, MOST_BYTES));
        } finally {
            FileDescriptors.close(file);
        }
    }

    /**
     * Removes a folder with all that is in it. Links are removed, not followed.
     *
     * @return what could not be removed, and why; empty when nothing is left
     */
    static String removeTree(Path folder) {
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                        throws IOException {
                    if (failure != null) {
                        throw failure;
                    }
                    Files.deleteIfExists(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
            return "";
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            return Printable.line(String.valueOf(e.getMessage()));
        }
    }

    private static String shown(String path) {
        return Printable.line(path);
    }
}
