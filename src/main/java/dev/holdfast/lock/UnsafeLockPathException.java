package dev.holdfast.lock;

import dev.holdfast.error.HoldfastException;

/** What stands at the lock path is not a file that Holdfast may trust. It is left as it is. */
public final class UnsafeLockPathException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    private final String path;
    private final String remedy;

    /**
     * For the implementations of locks.
     *
     * @param path the path
     * @param reason what is wrong with it, as half a sentence after it
     * @param remedy what the user can do
     */
    public UnsafeLockPathException(String path, String reason, String remedy) {
        super("lock path \"" + path + "\" " + reason);
        this.path = path;
        this.remedy = remedy;
    }

    /**
     * The path.
     *
     * @return the path, as it was given
     */
    public String path() {
        return path;
    }

    /**
     * What the user can do.
     *
     * @return half a sentence
     */
    public String remedy() {
        return remedy;
    }
}
