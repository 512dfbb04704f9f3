package dev.holdfast.guard;

import dev.holdfast.lock.file.HolderSearch;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.LockWait;
import dev.holdfast.lock.file.OpenLockFile;
import dev.holdfast.lock.file.ProvedHolder;
import dev.holdfast.process.ProcessIdentity;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The launcher of whichever watched client's server has the lock, while somebody waits for it: its death leaves a server
 * for which no client comes back. No event reports it where the server keeps the lock, so the process itself is waited
 * for. Asked anew at each look, since it may have died before it was pinned, and one holder may follow another. Not safe
 * for use by many threads.
 */
final class ClientsLauncher implements LockWait.Watch, AutoCloseable {
    private final OpenLockFile file;
    private final Optional<ProcessIdentity> resolved;
    private @Nullable ProvedHolder pinned;

    /**
     * Nobody is pinned yet.
     *
     * @param file open while this is
     * @param resolved whose launcher's death is no news; empty for nobody's
     */
    ClientsLauncher(OpenLockFile file, Optional<LockRecord> resolved) {
        this.file = file;
        // No method reference: the first of a JVM's life costs 3 ms and a hundred classes.
        this.resolved = resolved.isPresent() ? Optional.of(resolved.get().launcher()) : Optional.empty();
    }

    @Override
    public boolean isOver() {
        if (pinned != null && pinned.proved().get(0).hasEnded()) {
            return true;
        }
        Optional<LockRecord> record = file.record();
        if (record.isEmpty()
                || !record.get().care().isWatched()
                || isKnown(record.get().launcher())) {
            return false;
        }
        HolderSearch search = new HolderSearch(file);
        ProvedHolder found = search.findByRecord().orElse(null);
        if (found instanceof ProvedHolder.Launcher) {
            close();
            pinned = found;
            return false;
        }
        if (found != null) {
            found.close();
        }
        return search.isLauncherOver();
    }

    private boolean isKnown(ProcessIdentity launcher) {
        boolean isResolved = resolved.isPresent() && resolved.get().isSameProcess(launcher);
        return isResolved
                || (pinned != null && pinned.proved().get(0).identity().isSameProcess(launcher));
    }

    @Override
    public int descriptor() {
        return pinned == null ? -1 : pinned.proved().get(0).descriptor();
    }

    @Override
    public void close() {
        if (pinned != null) {
            pinned.close();
            pinned = null;
        }
    }
}
