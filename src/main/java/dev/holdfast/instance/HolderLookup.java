package dev.holdfast.instance;

import dev.holdfast.lock.file.HolderSearch;
import dev.holdfast.lock.file.OpenLockFile;
import dev.holdfast.lock.file.ProvedHolder;
import dev.holdfast.waiting.EventWait;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who holds a lock, for commands that act on a running instance from outside. */
final class HolderLookup {
    private static final int LOOKS = 50;
    private static final int PAUSE_MILLIS = 5;

    private HolderLookup() {}

    /** Null when nobody holds the lock. A holder that was found by its lock only gets time to write its record. */
    static @Nullable ProvedHolder find(OpenLockFile file, HolderSearch search) {
        EventWait wait = new EventWait(null, false);
        for (int look = 0; look < LOOKS; look++) {
            if (!file.isHeld()) {
                return null;
            }
            Optional<ProvedHolder> named = search.findByRecord();
            if (named.isPresent()) {
                return named.get();
            }
            wait.pause(PAUSE_MILLIS);
        }
        return search.findByScan();
    }
}
