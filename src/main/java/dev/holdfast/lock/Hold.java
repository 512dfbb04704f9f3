package dev.holdfast.lock;

import java.nio.file.Path;

/**
 * An advisory lock that is held, until it is closed or the process dies.
 *
 * <p>May be closed by another thread than the one that acquired it. Safe for use by many threads.
 */
public final class Hold implements AutoCloseable {
    private final Path path;
    private final AdvisoryFile file;
    private final Thread thread = Thread.currentThread();
    private volatile LockMode mode;

    Hold(Path path, AdvisoryFile file, LockMode mode) {
        this.path = path;
        this.file = file;
        this.mode = mode;
    }

    /**
     * The path of the lock.
     *
     * @return the path, absolute
     */
    public Path path() {
        return path;
    }

    /** How it is held, or was. */
    public LockMode mode() {
        return mode;
    }

    /**
     * Whether it is held in truth: it was not closed, the path still leads to the file that is locked, and the kernel
     * still has the lock (whoever shares the {@linkplain #descriptor descriptor} can unlock it). Takes some
     * microseconds.
     *
     * @return true when it is
     */
    public boolean isHeld() {
        return file.queue().isHeld(this);
    }

    /**
     * Turns an exclusive hold into a shared one, so that others may hold it shared, too, without a moment in which
     * somebody else could have it exclusively. Nothing when it is shared already.
     *
     * <p>There is no way back. flock(2) turns a shared lock into an exclusive one by giving it up first, so that others
     * may have written before it is granted, and of two who hold it shared and want it exclusively each would wait for
     * the other. Close this one, acquire an exclusive one, and read again what you had read.
     *
     * @throws IllegalStateException if it is closed
     * @throws LockLostException if another process got the lock while the kernel converted it; this is closed then
     */
    public void downgrade() {
        file.queue().downgrade(this);
    }

    /**
     * The descriptor whose open file description has the lock: a process that inherits it holds the lock, too, until
     * all have closed it or one has unlocked it. {@link #close} unlocks it for all.
     *
     * @return its number, close-on-exec; not to be closed
     */
    public int descriptor() {
        return file.descriptor();
    }

    /** Gives the lock back. Nothing when it is closed already. */
    @Override
    public void close() {
        file.queue().release(this);
    }

    /**
     * In words.
     *
     * @return mode, path and thread
     */
    @Override
    public String toString() {
        return mode.word() + " hold on \"" + path + "\" of thread \"" + thread.getName() + "\"";
    }

    AdvisoryFile file() {
        return file;
    }

    Thread thread() {
        return thread;
    }

    void setMode(LockMode now) {
        mode = now;
    }
}
