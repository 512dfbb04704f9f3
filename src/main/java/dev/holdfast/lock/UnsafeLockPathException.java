package dev.holdfast.lock;

import dev.holdfast.error.HoldfastException;
import java.nio.file.Path;

/** What stands at the lock path is not a file that Holdfast may trust. It is left as it is. */
public final class UnsafeLockPathException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    private final String path;
    private final Reason reason;

    /** What is wrong with the path. */
    public enum Reason {
        /** A link, a folder, a FIFO, a socket or a device stands there, and an instance's lock is a regular file. */
        NOT_A_FILE("is a %s, not a regular file"),
        /** A link, a FIFO, a socket or a device stands there, and an advisory lock is a regular file or a folder. */
        NEITHER_FILE_NOR_FOLDER("is a %s, not a regular file or a directory"),
        /** The file belongs to another user, who could change it at any time. */
        OTHER_USER("belongs to another user (uid %s)"),
        /** The file has hard links that are not the lock's: to write it would change somebody else's file. */
        SEVERAL_NAMES("has %s names (hard links)"),
        /** The file is far larger than a lock file. */
        TOO_LARGE("has %s bytes and is no lock file"),
        /** The kernel did not open what stands there without following a link or waking somebody. */
        NOT_OPENED_SAFELY("cannot be opened safely: %s"),
        /** The file system may live on another machine, and {@link NetworkLocks#ALLOW} was not said. */
        NETWORK_FILE_SYSTEM("is on a network file system, %s, where a lock may be granted twice or be lost");

        private final String text;

        Reason(String text) {
            this.text = text;
        }

        private String text(String detail) {
            return text.replace("%s", detail);
        }
    }

    /**
     * Thrown by the locks of this library. The path is a text, since the exception must not fail itself where the
     * locale cannot express the path.
     *
     * @param reason what is wrong with it
     * @param detail the word that the reason's text lacks, such as the kind of the file
     */
    public UnsafeLockPathException(String path, Reason reason, String detail) {
        super("lock path \"" + path + "\" " + reason.text(detail));
        this.path = path;
        this.reason = reason;
    }

    /** The path, as it was given. */
    public Path path() {
        return Path.of(path);
    }

    /** What is wrong with it. */
    public Reason reason() {
        return reason;
    }
}
