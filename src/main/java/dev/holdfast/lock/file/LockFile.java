package dev.holdfast.lock.file;

import static dev.holdfast.posix.files.FileDescriptors.O_CREAT;
import static dev.holdfast.posix.files.FileDescriptors.O_EXCL;
import static dev.holdfast.posix.files.FileDescriptors.O_NOCTTY;
import static dev.holdfast.posix.files.FileDescriptors.O_NOFOLLOW;
import static dev.holdfast.posix.files.FileDescriptors.O_NONBLOCK;
import static dev.holdfast.posix.files.FileDescriptors.O_RDWR;

import dev.holdfast.lock.LockFileException;
import dev.holdfast.lock.UnsafeLockPathException;
import dev.holdfast.lock.UnsafeLockPathException.Reason;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileNames;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.files.NetworkFileSystem;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.settings.LockFileName;
import dev.holdfast.settings.NetworkPolicy;
import java.util.Optional;

/**
 * The place of a lock: a path, opened and checked so that a hostile folder can do no harm.
 *
 * <p>Nothing is followed, and what is not a plain file of our own without a stranger's name is refused. A mode that was
 * widened since the file was made is put right by whoever gets its lock. Safe for use by many threads.
 *
 * @param directory the folder, which must exist
 * @param fileName the file's name in it
 * @param network whether it may be on a network file system
 */
public record LockFile(String directory, String fileName, NetworkPolicy network) {
    /** For a path of /proc, whose last part is a link. */
    static final int SAFE_FLAGS_FOLLOWING = O_NONBLOCK | O_NOCTTY;

    static final int SAFE_FLAGS = O_NOFOLLOW | SAFE_FLAGS_FOLLOWING;
    private static final int OWNER_ONLY = 0600;
    private static final int ALL_RIGHTS = 0777;
    /** Somebody may make and remove the file all the time; then give up rather than go round for ever. */
    private static final int MOST_TRIES = 10_000;

    private static final String SOCKET = ".sock";
    private static final int LARGEST = 64 * 1024;
    private static final int OTHERS_MAY_WRITE = 02;
    private static final int GROUP_AND_OTHERS_WRITE = 022;
    private static final int STICKY = 01000;

    /**
     * A lock file that is refused on a network file system.
     *
     * @param directory the folder, which must exist
     * @param fileName the file's name in it
     */
    public LockFile(String directory, String fileName) {
        this(directory, fileName, NetworkPolicy.REFUSE);
    }

    /**
     * The same place under another policy.
     *
     * @param otherNetwork whether it may be on a network file system
     */
    public LockFile with(NetworkPolicy otherNetwork) {
        return new LockFile(directory, fileName, otherNetwork);
    }

    /** The lock file at a path, absolute or relative to the working directory. */
    public static LockFile at(String path) {
        int slash = path.lastIndexOf('/');
        if (slash < 0) {
            return new LockFile(".", path);
        }
        return new LockFile(slash == 0 ? "/" : path.substring(0, slash), path.substring(slash + 1));
    }

    /** Folder and name. */
    public String path() {
        return directory.endsWith("/") ? directory + fileName : directory + "/" + fileName;
    }

    /** Where the control socket of its holder stands. */
    String socketPath() {
        return withoutSuffix(path()) + SOCKET;
    }

    /** The file's name without {@code .lock}: the instance's, unless it was named otherwise. */
    public String baseName() {
        return withoutSuffix(fileName);
    }

    private static String withoutSuffix(String name) {
        return name.endsWith(LockFileName.SUFFIX)
                ? name.substring(0, name.length() - LockFileName.SUFFIX.length())
                : name;
    }

    /**
     * Whether a socket of this user's stands where a holder has its control socket. Beside a file that was just made,
     * it is what a killed launcher has left: one that ends removes its socket before its file.
     */
    boolean hasSocketOfThisUser() {
        Optional<FileStatus> found = FileStatus.ofName(socketPath());
        return found.isPresent() && found.get().isSocket() && found.get().owner() == Self.effectiveUser();
    }

    /**
     * Tries once to take the lock. Never blocks.
     *
     * @return the lock, or the open file of whoever holds it
     * @throws UnsafeLockPathException if what stands at the path cannot be trusted
     * @throws LockFileException if the file cannot be made or locked
     */
    public LockAttempt tryAcquire() {
        return tryAcquire(Steps.NONE);
    }

    /**
     * Tries once to take the lock, telling of each step.
     *
     * @param steps is told
     * @return as {@link #tryAcquire()}
     */
    public LockAttempt tryAcquire(Steps steps) {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            OpenLockFile file = open();
            steps.reached(Step.ACQUIRE_OPENED);
            LockAttempt attempt = file.tryLock(steps);
            if (!(attempt instanceof LockAttempt.Replaced)) {
                return attempt;
            }
            // The file was unlinked between open and lock: what we locked is no longer what the path names.
            file.close();
        }
        throw new LockFileException(path(), LockFileException.Action.LOCK, Errno.EAGAIN);
    }

    /**
     * Whether there is a file of this name, or of its second name where the first one was lost.
     *
     * @return false when an instance can be found by neither
     */
    public boolean isNamed() {
        return FileStatus.ofName(path()).isPresent()
                || FileStatus.ofName(LockTwin.path(this)).isPresent();
    }

    /**
     * The lock files whose first name was lost, by the names in their folder.
     *
     * @param name a file's name
     * @return the lock file's name, when that one is its second; empty otherwise
     */
    public static Optional<String> ofSecondName(String name) {
        return LockTwin.fileNameOf(name);
    }

    /**
     * A file that has lost all of its names while it is held, as far as it can be found here, in this pid namespace: by
     * the interlock, in this network namespace, or by what is left of the holder's control socket.
     *
     * @return the file, open; empty when it cannot be found
     */
    public Optional<OpenLockFile> findLost() {
        return LostFile.find(this);
    }

    /**
     * Whether a file that {@link #look} does not find is held all the same: all of its names were removed, and whoever
     * has the interlock cannot be looked into, or lives in another pid namespace.
     *
     * @return false also when a start has made the file meanwhile
     */
    public boolean isHeldUnseen() {
        return LockFileLook.isHeldUnseen(this);
    }

    /**
     * Opens the file, making it when it is not there, and checks it on the descriptor.
     *
     * @throws UnsafeLockPathException if what stands at the path cannot be trusted
     * @throws LockFileException if the file cannot be made
     */
    OpenLockFile open() {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            LockTwin.restoreName(this);
            // O_CREAT only together with O_EXCL: with fs.protected_regular the kernel refuses O_CREAT on an existing
            // file in a sticky folder even to its readers.
            int fd = FileDescriptors.open(path(), O_RDWR | O_CREAT | O_EXCL | SAFE_FLAGS, OWNER_ONLY);
            boolean made = fd >= 0;
            if (fd == -Errno.EEXIST) {
                refuseSpecialFile();
                fd = openOurs(O_RDWR | SAFE_FLAGS);
                if (fd == -Errno.ENOENT) {
                    continue; // its holder unlinked it meanwhile
                }
            }
            if (fd < 0) {
                throw refusal(-fd);
            }
            FileStatus status = FileStatus.ofDescriptor(fd);
            if (status.links() == 0 || (hasStrangeName(status) && hasChangedNames(fd, status))) {
                FileDescriptors.close(fd);
                continue;
            }
            try {
                check(status);
                if (network == NetworkPolicy.REFUSE) {
                    refuseNetwork(NetworkFileSystem.ofDescriptor(fd)); // the path may lead elsewhere meanwhile
                }
            } catch (UnsafeLockPathException e) {
                if (made) {
                    FileNames.unlink(path());
                }
                FileDescriptors.close(fd);
                throw e;
            }
            return new OpenLockFile(this, fd, status);
        }
        throw new LockFileException(path(), LockFileException.Action.OPEN, Errno.EAGAIN);
    }

    /**
     * Opens the file for looking only: nothing is made or locked, and nothing changed but a mode that keeps its owner
     * out.
     *
     * @return the file; empty when there is none
     * @throws UnsafeLockPathException if what stands at the path is no regular file
     * @throws LockFileException if it may not be read
     */
    public Optional<OpenLockFile> look() {
        return LockFileLook.at(this);
    }

    /** Opens what is there, also when a umask or a chmod has taken the right to it from its owner; or -errno. */
    int openOurs(int flags) {
        int fd = FileDescriptors.open(path(), flags, 0);
        return fd == -Errno.EACCES && giveModeBack() ? FileDescriptors.open(path(), flags, 0) : fd;
    }

    private boolean giveModeBack() {
        int fd = FileDescriptors.open(path(), FileDescriptors.O_PATH | FileDescriptors.O_NOFOLLOW, 0);
        if (fd < 0) {
            return false;
        }
        try {
            FileStatus status = FileStatus.ofDescriptor(fd);
            boolean isOurs = status.isRegular() && status.owner() == Self.effectiveUser() && !hasStrangeName(status);
            return isOurs && FileDescriptors.restrictToOwner(fd) == 0;
        } finally {
            FileDescriptors.close(fd);
        }
    }

    /**
     * Ours, and not as it is made: a volume's mount (fsGroup), a chmod -R or a umask has given others a right to it, or
     * has taken its owner's.
     */
    static boolean hasChangedMode(FileStatus status) {
        return (status.permissions() & ALL_RIGHTS) != OWNER_ONLY;
    }

    /** Whether others than the owner may write a record. */
    static boolean mayOthersWrite(FileStatus status) {
        return (status.permissions() & GROUP_AND_OTHERS_WRITE) != 0;
    }

    /** A holder makes and removes the second name while others look. */
    private static boolean hasChangedNames(int fd, FileStatus before) {
        return FileStatus.ofDescriptor(fd).links() != before.links();
    }

    /** Whether it has another name than its own and its twin's. */
    private boolean hasStrangeName(FileStatus status) {
        return status.links() != 1 && !(status.links() == LockTwin.NAMES && LockTwin.isOf(this, status));
    }

    /** Nothing for a local one, whose name is empty. */
    void refuseNetwork(String fileSystem) {
        if (!fileSystem.isEmpty()) {
            throw unsafe(Reason.NETWORK_FILE_SYSTEM, fileSystem);
        }
    }

    /**
     * Whether everybody may rename and remove files in the folder, and with them the lock file.
     *
     * @return true when it is writable by others and not sticky
     */
    public boolean isFolderOpenToAll() {
        Optional<FileStatus> folder = FileStatus.ofTarget(directory);
        int permissions = folder.isPresent() ? folder.get().permissions() : 0;
        return (permissions & OTHERS_MAY_WRITE) != 0 && (permissions & STICKY) == 0;
    }

    /**
     * Before opening: to open a FIFO lets whoever waits at its other end go on, into SIGPIPE when we close it, and to
     * open a device may start something. What is put there afterwards is found on the descriptor.
     */
    void refuseSpecialFile() {
        Optional<FileStatus> named = FileStatus.ofName(path());
        if (named.isPresent() && !named.get().isRegular()) {
            throw notRegular(named.get());
        }
    }

    UnsafeLockPathException notRegular(FileStatus status) {
        return unsafe(Reason.NOT_A_FILE, status.kind());
    }

    /** Refuses what is no plain file of our own, or has a stranger's name. */
    void check(FileStatus status) {
        if (!status.isRegular()) {
            throw notRegular(status);
        }
        if (status.owner() != Self.effectiveUser()) {
            throw foreign(status.owner());
        }
        if (hasStrangeName(status)) {
            throw unsafe(Reason.SEVERAL_NAMES, Long.toString(status.links()));
        }
        if (status.size() > LARGEST) {
            throw unsafe(Reason.TOO_LARGE, Long.toString(status.size()));
        }
    }

    RuntimeException refusal(int errno) {
        Optional<FileStatus> existing = FileStatus.ofName(path());
        if (existing.isPresent() && !existing.get().isRegular()) {
            return notRegular(existing.get());
        }
        if (errno == Errno.EACCES && existing.isPresent() && existing.get().owner() != Self.effectiveUser()) {
            return foreign(existing.get().owner());
        }
        if (errno == Errno.ELOOP || errno == Errno.EISDIR || errno == Errno.ENXIO) {
            return unsafe(Reason.NOT_OPENED_SAFELY, Errno.describe(errno));
        }
        return new LockFileException(
                path(), existing.isPresent() ? LockFileException.Action.OPEN : LockFileException.Action.MAKE, errno);
    }

    private UnsafeLockPathException foreign(int owner) {
        return unsafe(Reason.OTHER_USER, Integer.toUnsignedString(owner));
    }

    private UnsafeLockPathException unsafe(Reason reason, String detail) {
        return new UnsafeLockPathException(path(), reason, detail);
    }
}
