package dev.holdfast.instance;

import dev.holdfast.lock.file.LockFile;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.Inotify;
import dev.holdfast.waiting.EventWait;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Waits until something may have changed about an instance: its record, its lock file, or one of its processes. By
 * inotify(7) and pidfds; where no watches are left, a look now and then must do. Not safe for use by many threads.
 */
public final class InstanceWatch implements AutoCloseable {
    private static final long LOOK_NANOS = 200_000_000;

    private final LockFile lockFile;
    private final EventWait wait = new EventWait(null, false);
    private final @Nullable Inotify events;
    private boolean isFolderWatched;

    /**
     * Watches from now on: what is looked at after this, and has changed since, is told by the next {@link #await}.
     *
     * @param lockFile where its lock is
     */
    public InstanceWatch(LockFile lockFile) {
        this.lockFile = lockFile;
        events = open();
        watch();
    }

    private static @Nullable Inotify open() {
        try {
            return Inotify.open();
        } catch (PosixException e) {
            return null;
        }
    }

    /** The file may be another one by now, or be there for the first time. */
    private void watch() {
        if (events == null) {
            return;
        }
        try {
            if (!isFolderWatched) {
                var unused = events.watchEntries(lockFile.directory());
                isFolderWatched = true;
            }
            var unused = events.watchContents(lockFile.path());
        } catch (PosixException e) {
            // ENOENT: there is no such file now, and the watch on the folder sees a new one.
            return;
        }
    }

    /**
     * Blocks until something may have changed.
     *
     * @param deadline by {@link System#nanoTime}; Long.MAX_VALUE for ever
     * @param descriptors what is waited for besides: pidfds, a pipe; negative ones are passed over
     */
    public void await(long deadline, int... descriptors) {
        int[] all = Arrays.copyOf(descriptors, descriptors.length + 1);
        all[descriptors.length] = events == null ? -1 : events.descriptor();
        long until = isFolderWatched ? deadline : Math.min(deadline, System.nanoTime() + LOOK_NANOS);
        var unused = wait.await(until, all);
        if (events != null) {
            events.drain();
        }
        watch();
    }

    @Override
    public void close() {
        if (events != null) {
            events.closeAndWait();
        }
    }
}
