package dev.holdfast.lock;

import dev.holdfast.settings.DataLockVariables;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The lock of data that several instances write and read in turns. A cycle that does not get its turn in time is
 * skipped with a warning: the next change brings the next cycle, and nobody's server ends because another one is slow.
 *
 * <pre>{@code
 * try (DataLock turns = DataLock.ofEnvironment().orElseGet(() -> DataLock.at(folder.resolve(".holdfast.lock")))) {
 *     boolean written = turns.write(() -> index.persist());
 *     boolean read = turns.read(() -> index.load());
 * }
 * }</pre>
 *
 * <p>What a cycle writes must follow from what it reads: read again under the lock what another instance may have
 * written since. The lock is free when its holder dies, so what is half written then must be told from what is whole,
 * as by writing beside it and renaming.
 *
 * <p>The warning goes to the platform's logger of this class, and names the processes that hold the lock. All else is
 * as with {@link AdvisoryLock}. Keeps two descriptors open. Safe for use by many threads.
 */
public final class DataLock implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(DataLock.class.getName());

    private final AdvisoryLock writing;
    private final AdvisoryLock reading;
    private final Duration timeout;

    private DataLock(AdvisoryLock writing, AdvisoryLock reading, Duration timeout) {
        this.writing = writing;
        this.reading = reading;
        this.timeout = timeout;
    }

    /**
     * What is done under the lock.
     *
     * @param <E> what it may throw
     */
    @FunctionalInterface
    public interface Cycle<E extends Exception> {
        /**
         * Does it.
         *
         * @throws E if it fails; the lock is given back, and the caller gets it
         */
        void run() throws E;
    }

    /**
     * The lock at a path, with {@link AdvisoryLock#DEFAULT_TIMEOUT}.
     *
     * @param path a file, which is made when it is not there, or an existing folder
     * @throws UnsafeLockPathException if what stands at the path is neither
     * @throws LockFileException if it cannot be opened or made
     */
    public static DataLock at(Path path) {
        return at(path, AdvisoryLock.DEFAULT_TIMEOUT);
    }

    /**
     * The lock at a path, which must not be on a network file system.
     *
     * @param path a file, which is made when it is not there, or an existing folder
     * @param timeout how long a cycle waits for its turn
     * @throws UnsafeLockPathException if what stands at the path is neither
     * @throws LockFileException if it cannot be opened or made
     */
    public static DataLock at(Path path, Duration timeout) {
        return at(path, timeout, NetworkLocks.REFUSE);
    }

    /**
     * The lock at a path, which may be on a network file system.
     *
     * @param path a file, which is made when it is not there, or an existing folder
     * @param timeout how long a cycle waits for its turn
     * @param network whether it may be there
     * @throws UnsafeLockPathException if what stands at the path is neither
     * @throws LockFileException if it cannot be opened or made
     */
    public static DataLock at(Path path, Duration timeout, NetworkLocks network) {
        AdvisoryLock writing = AdvisoryLock.exclusive(path, network);
        try {
            return new DataLock(writing, AdvisoryLock.shared(path, network), timeout);
        } catch (UnsafeLockPathException | LockFileException e) {
            writing.close();
            throw e;
        }
    }

    /**
     * The lock that the launcher of this server has named in {@code HOLDFAST_DATA_LOCK}. On a network file system it is
     * refused, unless {@code HOLDFAST_ALLOW_NETWORK_LOCK} is {@code true}.
     *
     * @return the lock; empty when it has named none
     * @throws UnsafeLockPathException if what stands at the path is neither a file nor a folder
     * @throws LockFileException if it cannot be opened or made
     */
    public static Optional<DataLock> ofEnvironment() {
        String path = System.getenv(DataLockVariables.PATH);
        if (path == null || path.isEmpty()) {
            return Optional.empty();
        }
        boolean allowed = "true".equals(System.getenv(DataLockVariables.ALLOW_NETWORK));
        NetworkLocks network = allowed ? NetworkLocks.ALLOW : NetworkLocks.REFUSE;
        return Optional.of(at(Path.of(path), AdvisoryLock.DEFAULT_TIMEOUT, network));
    }

    /**
     * Runs a cycle alone. Blocks until it is this one's turn, and while it runs.
     *
     * @param cycle what to do
     * @return whether it was done; false when it was skipped, since the lock was not free in time
     * @throws LockReentryException if this thread is in a cycle of this file already
     * @throws InterruptedException if this thread is interrupted while it waits
     * @throws E if the cycle does
     * @param <E> what the cycle may throw
     */
    public <E extends Exception> boolean write(Cycle<E> cycle) throws E, InterruptedException {
        return run(writing, cycle);
    }

    /**
     * Runs a cycle together with others that only read. Blocks until no cycle writes, and while it runs.
     *
     * @param cycle what to do
     * @return whether it was done; false when it was skipped, since the lock was not free in time
     * @throws LockReentryException if this thread is in a writing cycle of this file already
     * @throws InterruptedException if this thread is interrupted while it waits
     * @throws E if the cycle does
     * @param <E> what the cycle may throw
     */
    public <E extends Exception> boolean read(Cycle<E> cycle) throws E, InterruptedException {
        return run(reading, cycle);
    }

    private <E extends Exception> boolean run(AdvisoryLock lock, Cycle<E> cycle) throws E, InterruptedException {
        try (Hold hold = acquire(lock)) {
            if (hold == null) {
                return false;
            }
            cycle.run();
            return true;
        }
    }

    /** Null when the lock was not free in time: not around the cycle, which may throw the same of a lock of its own. */
    private @Nullable Hold acquire(AdvisoryLock lock) throws InterruptedException {
        try {
            return lock.acquire(timeout);
        } catch (LockTimeoutException e) {
            LOGGER.log(Level.WARNING, e.getMessage() + "; this cycle is skipped");
            return null;
        }
    }

    /** Lets no cycle begin any more. Those that run go on. */
    @Override
    public void close() {
        writing.close();
        reading.close();
    }
}
