package dev.holdfast.posix.files;

import dev.holdfast.posix.Libc;
import dev.holdfast.posix.NativeBuffer;
import dev.holdfast.posix.PosixException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Tells when a file is closed after writing, unlinked or moved, by inotify(7). Waiting for a lock with it costs nothing
 * and wakes within microseconds of the holder's end. Not safe for use by many threads.
 */
public final class Inotify implements AutoCloseable {
    private static final int NON_BLOCKING_AND_CLOEXEC = 0x800 | 0x80000;
    private static final int MODIFIED = 2;
    private static final int ATTRIBUTES = 4;
    private static final int CLOSED_AFTER_WRITING = 8;
    /** flock(1) holds the lock with a descriptor that is open for reading. */
    private static final int CLOSED_AFTER_READING = 0x10;

    /** Out of the folder, or into it. */
    private static final int MOVED_INSIDE = 0x40 | 0x80;

    private static final int CREATED_INSIDE = 0x100;
    private static final int DELETED_INSIDE = 0x200;
    private static final int DELETED = 0x400;
    private static final int MOVED = 0x800;
    private static final int ROOM_FOR_EVENTS = 4096;
    /** struct inotify_event: watch, mask, cookie, length of the name that follows. */
    private static final int HEADER_SIZE = 16;

    private static final int NAME_LENGTH = 12;

    private final int fd;

    private Inotify(int fd) {
        this.fd = fd;
    }

    /**
     * Opens an empty watch.
     *
     * @return the watch
     * @throws PosixException if the user has no inotify instances left (EMFILE); then poll
     */
    public static Inotify open() {
        return new Inotify(
                Libc.checked(Libc.call(Libc.symbol("inotify_init1"), NON_BLOCKING_AND_CLOEXEC), "inotify_init1", ""));
    }

    /**
     * Watches the file that a path leads to.
     *
     * @param path such as {@code /proc/self/fd/N}, which names an open file whatever happens to its name
     * @return the watch's number; the same one again when this file is watched already
     * @throws PosixException if there is no such file, or no watches are left (ENOSPC)
     */
    public int watch(String path) {
        return watch(path, ATTRIBUTES | CLOSED_AFTER_WRITING | CLOSED_AFTER_READING | DELETED | MOVED);
    }

    /**
     * Watches the names of the file that a path leads to: their number, and when one is moved.
     *
     * @param path as for {@link #watch(String)}
     * @return the watch's number; the same one again when this file is watched already
     * @throws PosixException as {@link #watch(String)}
     */
    public int watchNames(String path) {
        return watch(path, ATTRIBUTES | DELETED | MOVED);
    }

    /**
     * Watches the file that a path leads to, also for what is written to it while it stays open.
     *
     * @param path as for {@link #watch(String)}
     * @return the watch's number; the same one again when this file is watched already
     * @throws PosixException as {@link #watch(String)}
     */
    public int watchContents(String path) {
        return watch(path, MODIFIED | ATTRIBUTES | CLOSED_AFTER_WRITING | CLOSED_AFTER_READING | DELETED | MOVED);
    }

    /**
     * Watches which files there are in a folder.
     *
     * @param folder its path
     * @return the watch's number
     * @throws PosixException as {@link #watch(String)}
     */
    public int watchEntries(String folder) {
        return watch(folder, CREATED_INSIDE | MOVED_INSIDE | DELETED_INSIDE | DELETED | MOVED);
    }

    /**
     * Watches which files there are in a folder, and what is written to them.
     *
     * @param folder its path
     * @return the watch's number
     * @throws PosixException as {@link #watch(String)}
     */
    public int watchFolder(String folder) {
        return watch(folder, MODIFIED | CREATED_INSIDE | MOVED_INSIDE | DELETED_INSIDE | DELETED | MOVED);
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
            for (int at = 0; at + HEADER_SIZE <= events.length; at += HEADER_SIZE + buffer.getInt(at + NAME_LENGTH)) {
                listener.changed(buffer.getInt(at), buffer.getInt(at + NAME_LENGTH) > 0);
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
     * Closes the watch behind the caller's back: the kernel waits for all its readers of watches first, 8 to 20 ms, for
     * which a server that waited for its lock would wait.
     */
    @Override
    public void close() {
        Thread thread = new Thread(new Closing(fd), "inotify-close");
        thread.setDaemon(true);
        thread.start();
    }

    /** Closes the watch, and blocks for as long as the kernel takes for it: for a thread that has nothing else to do. */
    public void closeAndWait() {
        FileDescriptors.close(fd);
    }

    /** Not a lambda: to link the first one takes 2 ms. */
    private record Closing(int descriptor) implements Runnable {
        @Override
        public void run() {
            FileDescriptors.close(descriptor);
        }
    }
}
