package dev.holdfast.lock.file;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileNames;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.sockets.UnixStream;
import java.util.Optional;

/**
 * The place of the control socket, beside the lock file: a holder in another pid namespace can be asked there, where
 * its pid says nothing.
 *
 * <p>A convenience; the lock does not depend on it. In a shared folder anything may stand there: nothing is followed,
 * and only a dead socket of our own is ever removed.
 *
 * @param path the lock file's, with {@code .sock} instead of {@code .lock}, or after it
 */
public record SocketFile(String path) {
    /** The socket of the lock's holder, whether there is one or not. */
    public static SocketFile beside(LockFile lockFile) {
        return new SocketFile(lockFile.socketPath());
    }

    /**
     * Removes what a killed holder has left. To be called while holding the lock, or a starting holder's socket might
     * be meant. Never blocks.
     *
     * @return what stands in the way all the same, with an article; empty when the place is free now
     */
    public Optional<String> clear() {
        Optional<FileStatus> found = FileStatus.ofName(path);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        FileStatus file = found.get();
        if (file.owner() != Self.effectiveUser()) {
            return Optional.of(
                    "a " + file.kind() + " of another user (uid " + Integer.toUnsignedString(file.owner()) + ")");
        }
        if (!file.isSocket()) {
            return Optional.of("a " + file.kind());
        }
        if (!isDead()) {
            return Optional.of("a socket that another process listens on");
        }
        int errno = FileNames.unlink(path);
        return errno == 0 || errno == Errno.ENOENT
                ? Optional.empty()
                : Optional.of("a dead socket, which cannot be removed: " + Errno.describe(errno));
    }

    /** A server may have a socket of this very name: one that anybody listens on is not ours to remove. */
    private boolean isDead() {
        try {
            UnixStream.connect(path).close();
            return false;
        } catch (PosixException e) {
            return e.errno() == Errno.ECONNREFUSED || e.errno() == Errno.ENOENT;
        }
    }

    /**
     * Whether a certain user's socket stands there, dead or alive.
     *
     * @param owner the user's id
     * @return true when it does
     */
    public boolean isSocketOf(int owner) {
        Optional<FileStatus> found = FileStatus.ofName(path);
        return found.isPresent() && found.get().isSocket() && found.get().owner() == owner;
    }
}
