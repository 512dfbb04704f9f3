package dev.holdfast.posix;

import dev.holdfast.error.HoldfastException;

/** This system lacks something that Holdfast cannot keep its promises without. */
public final class UnsupportedSystemException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    /**
     * Names what is missing.
     *
     * @param message what is missing and what it is needed for
     */
    public UnsupportedSystemException(String message) {
        super(message);
    }
}
