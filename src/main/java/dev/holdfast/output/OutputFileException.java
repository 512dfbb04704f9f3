package dev.holdfast.output;

import dev.holdfast.error.HoldfastException;

/** A file for a server's output that cannot be had, or must not be used. Nothing was changed. */
public final class OutputFileException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    private final boolean isUnsafe;

    OutputFileException(String message, boolean isUnsafe) {
        super(message);
        this.isUnsafe = isUnsafe;
    }

    /** Whether it is there and cannot be trusted; otherwise it cannot be made or opened. */
    public boolean isUnsafe() {
        return isUnsafe;
    }
}
