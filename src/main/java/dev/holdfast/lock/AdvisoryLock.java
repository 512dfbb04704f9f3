package dev.holdfast.lock;

import dev.holdfast.lock.AdvisoryFile.Answer;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileLocks;
import dev.holdfast.posix.files.FileNames;
import dev.holdfast.posix.files.FileStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock on a file or a folder that programs take in turns, among processes and among the threads of one JVM.
 *
 * <pre>{@code
 * try (AdvisoryLock writing = AdvisoryLock.exclusive(Path.of("data/index.lock"));
 *         Hold hold = writing.acquire(Duration.ofSeconds(5))) {
 *     index.persist();
 * }
 * }</pre>
 *
 * <p>It is flock(2), nothing else: it excludes, and is excluded by, flock(1), Python's {@code fcntl.flock} and all that
 * take such locks, also on a folder. The file is made when it is not there (0666 less the umask, as flock(1) does),
 * and never written, truncated or removed. It may be anybody's, and read-only: a lock gives no power over others. Links
 * in the last place, FIFOs, sockets and devices are refused.
 *
 * <p><b>Two objects are two contenders</b>, in one thread too: what one of them holds exclusively, the other cannot
 * have. A thread that waits for a lock it has itself is told so by a {@link LockReentryException}; holds are not
 * counted. What goes together is granted: a thread that has a lock shared gets it shared again at once.
 *
 * <p><b>Order.</b> {@link #acquire} waits behind all who wait already: the threads of this JVM in the order of their
 * coming, processes in the order in which each one's first thread came; readers do not overtake a waiting writer.
 * {@link #tryAcquire} waits for nobody and may overtake, as may foreign programs. A process that saw nobody waiting
 * when it last gave the lock back may overtake once. So may one that finds, after a tenth of a second and then more and
 * more rarely, the lock free and those before it asleep: they may be stopped.
 *
 * <p><b>Waiting</b> is driven by events: a release by this class or by closing the file wakes within microseconds. A
 * foreign program that unlocks and keeps its descriptor open makes no event; that is noticed within a tenth of a second
 * at first, later within one. The same goes for all releases where this user's inotify(7) instances are used up.
 *
 * <p><b>A crash</b> frees the lock, as does an exec: the descriptor is closed by both. A child never has the lock
 * unless it is given the {@linkplain Hold#descriptor descriptor}. Other descriptors of the file may be opened and
 * closed at will, by {@code java.nio} too. When the file is replaced or removed, those who wait go on with what stands
 * at the path then, and {@link Hold#isHeld} of who had the old one is false.
 *
 * <p><b>File systems.</b> On NFS, SMB, 9p, FUSE and other network file systems locks may be granted twice or never:
 * files there are refused, unless {@link NetworkLocks#ALLOW} is said. On overlayfs they exclude within one mount; two
 * mounts of the same lower folder exclude nobody. Containers exclude each other when they share the file, whatever
 * their pid namespaces.
 *
 * <p>Keeps one descriptor open until {@link #close}. Safe for use by many threads.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/flock.2.html">flock(2)</a>
 */
public final class AdvisoryLock implements AutoCloseable {
    /** How long {@link #acquire()} waits. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

    /** Somebody may replace the file all the time; then give up rather than go round for ever. */
    private static final int MOST_TRIES = 10_000;

    private static final long LONGEST_WAIT = Long.MAX_VALUE / 2;

    private final Path path;
    private final LockMode mode;
    private final NetworkLocks network;
    private final boolean isFolder;
    private final ReentrantLock opening = new ReentrantLock();
    private volatile AdvisoryFile file;
    private volatile boolean closed;

    private AdvisoryLock(Path path, LockMode mode, NetworkLocks network) {
        this.path = absolute(path);
        this.mode = mode;
        this.network = network;
        file = AdvisoryFile.open(this.path, false, network);
        isFolder = file.status().isDirectory();
    }

    /** Without "." in it, but for a last one, behind a link. What stands before ".." may be a link, too, so that stays. */
    private static Path absolute(Path path) {
        Path whole = path.toAbsolutePath();
        Path clean = whole.getRoot();
        int last = path.getNameCount() > 1 ? whole.getNameCount() - 1 : -1;
        for (int i = 0; i < whole.getNameCount(); i++) {
            Path name = whole.getName(i);
            clean = i != last && name.toString().equals(".") ? clean : clean.resolve(name);
        }
        return clean;
    }

    /**
     * A lock to be had alone: for writers.
     *
     * @param path a file, which is made when it is not there, or an existing folder
     * @return the lock, free or held by whomever
     * @throws UnsafeLockPathException if what stands at the path is neither, or on a network file system
     * @throws LockFileException if it cannot be opened or made
     */
    public static AdvisoryLock exclusive(Path path) {
        return exclusive(path, NetworkLocks.REFUSE);
    }

    /**
     * A lock to be had alone: for writers.
     *
     * @param path a file, which is made when it is not there, or an existing folder
     * @param network whether it may be on a network file system
     * @return the lock, free or held by whomever
     * @throws UnsafeLockPathException if what stands at the path is neither, or on a network file system
     * @throws LockFileException if it cannot be opened or made
     */
    public static AdvisoryLock exclusive(Path path, NetworkLocks network) {
        return new AdvisoryLock(path, LockMode.EXCLUSIVE, network);
    }

    /**
     * A lock to be had together with others who have it shared: for readers.
     *
     * @param path a file, which is made when it is not there, or an existing folder
     * @return the lock, free or held by whomever
     * @throws UnsafeLockPathException if what stands at the path is neither, or on a network file system
     * @throws LockFileException if it cannot be opened or made
     */
    public static AdvisoryLock shared(Path path) {
        return shared(path, NetworkLocks.REFUSE);
    }

    /**
     * A lock to be had together with others who have it shared: for readers.
     *
     * @param path a file, which is made when it is not there, or an existing folder
     * @param network whether it may be on a network file system
     * @return the lock, free or held by whomever
     * @throws UnsafeLockPathException if what stands at the path is neither, or on a network file system
     * @throws LockFileException if it cannot be opened or made
     */
    public static AdvisoryLock shared(Path path, NetworkLocks network) {
        return new AdvisoryLock(path, LockMode.SHARED, network);
    }

    /** The path, absolute. */
    public Path path() {
        return path;
    }

    /** How this lock is held. */
    public LockMode mode() {
        return mode;
    }

    /**
     * Tries once. Never blocks, and may overtake those who wait.
     *
     * @return the hold; empty when somebody holds the lock, this thread included
     * @throws IllegalStateException if this object is closed
     * @throws LockFileException if the file cannot be opened or locked
     */
    public Optional<Hold> tryAcquire() {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            AdvisoryFile now = current();
            Hold hold = new Hold(path, now, mode);
            Answer answer = now.queue().tryAcquire(hold);
            if (answer != Answer.REPLACED) {
                return answer == Answer.GRANTED ? Optional.of(hold) : Optional.empty();
            }
            reopen(now);
        }
        throw new LockFileException(path.toString(), LockFileException.Action.OPEN, Errno.EAGAIN);
    }

    /**
     * Waits for the lock, for {@link #DEFAULT_TIMEOUT} at the most. Blocks.
     *
     * @throws LockTimeoutException if it was not free in time
     * @throws LockReentryException if this thread would wait for itself
     * @throws IllegalStateException if this object is closed, also while waiting
     * @throws LockFileException if the file cannot be opened or locked
     * @throws InterruptedException if this thread is interrupted
     */
    public Hold acquire() throws InterruptedException {
        return acquire(DEFAULT_TIMEOUT);
    }

    /**
     * Waits for the lock. Blocks.
     *
     * @param timeout how long at the most; with zero it is tried once, behind those who wait
     * @throws LockTimeoutException if it was not free in time
     * @throws LockReentryException if this thread would wait for itself
     * @throws IllegalStateException if this object is closed, also while waiting
     * @throws LockFileException if the file cannot be opened or locked
     * @throws InterruptedException if this thread is interrupted
     */
    public Hold acquire(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + nanos(timeout);
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            AdvisoryFile now = current();
            Hold hold = new Hold(path, now, mode);
            Answer answer = now.queue().acquire(hold, deadline);
            if (answer == Answer.GRANTED) {
                return hold;
            }
            if (answer == Answer.HELD) {
                throw new LockTimeoutException(path, mode, timeout, AdvisoryHolderSearch.of(now.status(), false));
            }
            reopen(now);
        }
        throw new LockFileException(path.toString(), LockFileException.Action.OPEN, Errno.EAGAIN);
    }

    private static long nanos(Duration timeout) {
        boolean endless = timeout.toSeconds() >= LONGEST_WAIT / 1_000_000_000;
        return endless ? LONGEST_WAIT : timeout.toNanos();
    }

    /**
     * Who holds the lock, whether by this class or by another program. Looks through all processes, which takes some
     * milliseconds for a hundred. When nobody can be seen, the lock is tried for an instant to tell nobody from
     * somebody unseen; a {@link #tryAcquire} of another process at that very instant is refused.
     *
     * @return the processes that were proved to hold it, this one too, and how many could not be seen
     */
    public AdvisoryHolders holders() {
        Optional<FileStatus> named = FileStatus.ofName(FileNames.bytes(path));
        if (named.isEmpty()) {
            return new AdvisoryHolders(List.of(), 0);
        }
        AdvisoryHolders seen = AdvisoryHolderSearch.of(named.get(), false);
        return seen.isEmpty() && isHeldUnseen() ? AdvisoryHolderSearch.of(named.get(), true) : seen;
    }

    private boolean isHeldUnseen() {
        int look = FileDescriptors.open(
                FileNames.bytes(path),
                FileDescriptors.O_RDONLY
                        | FileDescriptors.O_NOFOLLOW
                        | FileDescriptors.O_NONBLOCK
                        | FileDescriptors.O_NOCTTY,
                0);
        if (look < 0) {
            return false;
        }
        try {
            return FileLocks.isFlockedByOther(look);
        } finally {
            FileDescriptors.close(look);
        }
    }

    private AdvisoryFile current() {
        AdvisoryFile now = file;
        if (closed) {
            throw new IllegalStateException("lock \"" + path + "\" is closed");
        }
        return now;
    }

    /** The path leads elsewhere by now. What is held through the old file stays so until it is closed. */
    private void reopen(AdvisoryFile old) {
        opening.lock();
        try {
            if (!closed && file == old) {
                file = AdvisoryFile.open(path, isFolder, network);
                old.queue().retire(old);
            }
        } finally {
            opening.unlock();
        }
    }

    /**
     * Lets nobody acquire through this object any more; threads that wait get an {@link IllegalStateException}. Holds
     * stay until they are closed themselves. Nothing when it is closed already.
     */
    @Override
    public void close() {
        opening.lock();
        try {
            if (!closed) {
                closed = true;
                file.queue().retire(file);
            }
        } finally {
            opening.unlock();
        }
    }

    /**
     * In words.
     *
     * @return mode and path
     */
    @Override
    public String toString() {
        return mode.word() + " lock on \"" + path + "\"";
    }
}
