package dev.holdfast.listen;

import dev.holdfast.error.HoldfastException;

/** A socket that was asked for cannot be had. */
public final class ListenException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** For a socket of this room, or of one above. */
    public ListenException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Why it cannot. */
    public enum Reason {
        /** Another process listens there. */
        IN_USE,
        /** It is for root only, or for another user. */
        NOT_PERMITTED,
        /** Something else stands at the path, or its folder is missing. */
        NOT_MADE,
        /** The kernel refuses: it has no such address, say. */
        SYSTEM
    }

    /** Why it cannot. */
    public Reason reason() {
        return reason;
    }
}
