package dev.holdfast.output;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileNames;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.processes.Self;
import java.util.Optional;

/** Makes folders and opens files for output, where nobody else can slip something in. Follows no link in the last place. */
public final class OutputFolder {
    private static final int ROOT = 0;
    private static final int OTHERS_WRITE = 02;
    private static final int STICKY = 01000;
    private static final int OF_OTHERS = 077;
    private static final int OWNER_ONLY = 0600;

    private OutputFolder() {}

    /**
     * Makes it, and those above it, where they are missing; for its owner alone.
     *
     * @throws OutputFileException if it cannot be made, or if others could change what is in it
     */
    public static void require(String folder) {
        Optional<FileStatus> status = FileStatus.ofName(folder);
        if (status.isEmpty()) {
            make(folder);
            status = FileStatus.ofName(folder);
        }
        if (status.isEmpty()) {
            throw new OutputFileException("cannot reach the folder \"" + folder + "\"", false);
        }
        if (!status.get().isDirectory()) {
            throw unsafe("the folder \"" + folder + "\" is a " + status.get().kind() + ", not a directory");
        }
        int owner = status.get().owner();
        if (owner != Self.effectiveUser() && owner != ROOT) {
            throw unsafe("the folder \"" + folder + "\" belongs to another user (uid " + Integer.toUnsignedString(owner)
                    + ")");
        }
        int permissions = status.get().permissions();
        if ((permissions & OTHERS_WRITE) != 0 && (permissions & STICKY) == 0) {
            throw unsafe("the folder \"" + folder + "\" is writable by all and not sticky");
        }
    }

    private static void make(String folder) {
        int slash = folder.lastIndexOf('/');
        if (slash > 0 && FileStatus.ofTarget(folder.substring(0, slash)).isEmpty()) {
            make(folder.substring(0, slash));
        }
        int errno = FileNames.makeFolder(folder);
        if (errno != 0 && errno != Errno.EEXIST) {
            throw new OutputFileException(
                    "cannot make the folder \"" + folder + "\" for what the server prints: " + Errno.describe(errno)
                            + "; say another one by --output FILE, or by HOLDFAST_HOME",
                    false);
        }
    }

    /**
     * Opens a file to append to, for its owner alone.
     *
     * @throws OutputFileException if it cannot be opened, or is no regular file of this user's with one name
     */
    public static int append(String path) {
        int fd = FileDescriptors.open(
                path,
                FileDescriptors.O_WRONLY
                        | FileDescriptors.O_APPEND
                        | FileDescriptors.O_CREAT
                        | FileDescriptors.O_NOFOLLOW
                        | FileDescriptors.O_NONBLOCK
                        | FileDescriptors.O_NOCTTY,
                OWNER_ONLY);
        if (fd < 0) {
            Optional<FileStatus> there = FileStatus.ofName(path);
            if (there.isPresent() && !there.get().isRegular()) {
                throw unsafe("\"" + path + "\" is a " + there.get().kind() + ", not a regular file");
            }
            throw new OutputFileException("cannot write output to \"" + path + "\": " + Errno.describe(-fd), false);
        }
        FileStatus status = FileStatus.ofDescriptor(fd);
        String problem = problem(status);
        if (!problem.isEmpty()) {
            FileDescriptors.close(fd);
            throw unsafe("\"" + path + "\" " + problem);
        }
        if ((status.permissions() & OF_OTHERS) != 0) {
            var unused = FileDescriptors.restrictToOwner(fd);
        }
        return fd;
    }

    private static String problem(FileStatus status) {
        if (!status.isRegular()) {
            return "is a " + status.kind() + ", not a regular file";
        }
        if (status.owner() != Self.effectiveUser()) {
            return "belongs to another user (uid " + Integer.toUnsignedString(status.owner()) + ")";
        }
        return status.links() == 1 ? "" : "has " + status.links() + " names (hard links)";
    }

    private static OutputFileException unsafe(String what) {
        return new OutputFileException("will not write output there: " + what + "; choose another file", true);
    }
}
