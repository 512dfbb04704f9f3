package dev.holdfast.posix.files;

import dev.holdfast.posix.Abi;
import dev.holdfast.posix.Libc;
import dev.holdfast.posix.NativeBuffer;
import dev.holdfast.posix.PosixException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Tells when a file is closed after writing, unlinked or moved, by inotify(7). Waiting for a lock with it costs nothing
 * and wakes within microseconds of the holder's end. Not safe for use by many threads.
 */
public final class Inotify implements AutoCloseable {

    /** What becomes of the names in a folder, and of itself. */
    private static final int ENTRIES =
            Abi.IN_CREATE | Abi.IN_MOVED_FROM | Abi.IN_MOVED_TO | Abi.IN_DELETE | Abi.IN_DELETE_SELF | Abi.IN_MOVE_SELF;

    private static final int ROOM_FOR_EVENTS = 4096;

    private final int fd;
    /** Null before it is prepared. */
    private @Nullable Closing closing;

    private Inotify(int fd) {
        this.fd = fd;
    }

    /**
     * Opens an empty watch.
     *
     * @throws PosixException if the user has no inotify instances left (EMFILE); then poll
     */
    public static Inotify open() {
        return new Inotify(Libc.checked(
                Libc.call(Libc.symbol("inotify_init1"), Abi.O_NONBLOCK | Abi.O_CLOEXEC), "inotify_init1", ""));
    }

    /**
     * Watches the file that a path leads to.
     *
     * @param path such as {@code /proc/self/fd/N}, which names an open file whatever happens to its name
     * @return the watch's number; the same one again when this file is watched already
     * @throws PosixException if there is no such file, or no watches are left (ENOSPC)
     */
    public int watch(String path) {
        // flock(1) holds the lock with a descriptor that is open for reading: so closes of those, too.
        return watch(
                path,
                Abi.IN_ATTRIB | Abi.IN_CLOSE_WRITE | Abi.IN_CLOSE_NOWRITE | Abi.IN_DELETE_SELF | Abi.IN_MOVE_SELF);
    }

    /**
     * Watches the names of the file that a path leads to: their number, and when one is moved.
     *
     * @param path as for {@link #watch(String)}
     * @return the watch's number; the same one again when this file is watched already
     * @throws PosixException as {@link #watch(String)}
     */
    public int watchNames(String path) {
        return watch(path, Abi.IN_ATTRIB | Abi.IN_DELETE_SELF | Abi.IN_MOVE_SELF);
    }

    /**
     * Watches whether a folder is moved or removed, and not what happens in it.
     *
     * @param folder its path
     * @return the watch's number
     * @throws PosixException as {@link #watch(String)}
     */
    public int watchPlace(String folder) {
        return watch(folder, Abi.IN_DELETE_SELF | Abi.IN_MOVE_SELF);
    }

    /**
     * Watches the file that a path leads to, also for what is written to it while it stays open.
     *
     * @param path as for {@link #watch(String)}
     * @return the watch's number; the same one again when this file is watched already
     * @throws PosixException as {@link #watch(String)}
     */
    public int watchContents(String path) {
        return watch(
                path,
                Abi.IN_MODIFY
                        | Abi.IN_ATTRIB
                        | Abi.IN_CLOSE_WRITE
                        | Abi.IN_CLOSE_NOWRITE
                        | Abi.IN_DELETE_SELF
                        | Abi.IN_MOVE_SELF);
    }

    /**
     * Watches which files there are in a folder.
     *
     * @param folder its path
     * @return the watch's number
     * @throws PosixException as {@link #watch(String)}
     */
    public int watchEntries(String folder) {
        return watch(folder, ENTRIES);
    }

    /**
     * Watches which files there are in a folder, and what is written to them.
     *
     * @param folder its path
     * @return the watch's number
     * @throws PosixException as {@link #watch(String)}
     */
    public int watchFolder(String folder) {
        return watch(folder, Abi.IN_MODIFY | ENTRIES);
    }

    private int watch(String path, int events) {
        try (NativeBuffer name = NativeBuffer.cString(path)) {
            return Libc.checked(
                    Libc.call(Libc.symbol("inotify_add_watch"), fd, name.address(), events), "inotify_add_watch", path);
        }
    }

    /**
     * The descriptor to poll.
     *
     * @return its number
     */
    public int descriptor() {
        return fd;
    }

    /**
     * Watches a file no more. Its events may still be on their way.
     *
     * @param watch its number
     */
    public void forget(int watch) {
        var unused = Libc.call(Libc.symbol("inotify_rm_watch"), fd, watch);
    }

    /**
     * Takes the events that are waiting. Never blocks.
     *
     * @param listener is told of each
     */
    public void take(Listener listener) {
        for (byte[] events = next(); events.length > 0; events = next()) {
            ByteBuffer buffer = ByteBuffer.wrap(events).order(ByteOrder.nativeOrder());
            for (int at = 0;
                    at + Abi.SIZEOF_INOTIFY_EVENT <= events.length;
                    at += Abi.SIZEOF_INOTIFY_EVENT + buffer.getInt(at + Abi.INOTIFY_NAME_LENGTH_AT)) {
                listener.changed(buffer.getInt(at), buffer.getInt(at + Abi.INOTIFY_NAME_LENGTH_AT) > 0);
            }
        }
    }

    /** Is told of events. */
    @FunctionalInterface
    public interface Listener {
        /**
         * Something happened to a watched file.
         *
         * @param watch the watch's number; -1 when events were lost, so that anything may have happened
         * @param inside true when it happened to a file in a watched folder, not to the folder itself
         */
        void changed(int watch, boolean inside);
    }

    private byte[] next() {
        return FileDescriptors.read(fd, ROOM_FOR_EVENTS);
    }

    /** Forgets the events that are waiting. Never blocks. */
    public void drain() {
        while (next().length > 0) {
            // Which event it was does not matter: each means "look again".
        }
    }

    /**
     * Starts the thread that will close the watch, for whoever has time now and none when it closes: a new thread takes
     * most of a millisecond. It waits, and keeps no JVM from its end.
     */
    public void prepareClose() {
        if (closing == null) {
            closing = new Closing(fd);
            Thread thread = new Thread(closing, "inotify-close");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /**
     * Closes the watch behind the caller's back: the kernel waits for all its readers of watches first, 8 to 20 ms, for
     * which a server that waited for its lock would wait.
     */
    @Override
    public void close() {
        prepareClose();
        if (closing != null) {
            closing.now();
        }
    }

    /**
     * Closes the watch, and blocks for as long as the kernel takes for it: for a thread that has nothing else to do.
     */
    public void closeAndWait() {
        FileDescriptors.close(fd);
    }

    /** Not a lambda: to link the first one takes 2 ms. */
    private static final class Closing implements Runnable {
        private final int descriptor;
        private boolean isNow;

        Closing(int descriptor) {
            this.descriptor = descriptor;
        }

        synchronized void now() {
            isNow = true;
            notifyAll();
        }

        @Override
        public void run() {
            if (await()) {
                FileDescriptors.close(descriptor);
            }
        }

        private synchronized boolean await() {
            try {
                while (!isNow) {
                    wait();
                }
                return true;
            } catch (InterruptedException e) {
                return false; // nobody interrupts it
            }
        }
    }
}
