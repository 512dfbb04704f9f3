package dev.holdfast.session;

import dev.holdfast.error.HoldfastException;

/** Sessions cannot be kept where they should be, or one is not what a command needs. */
public final class SessionException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** The folder belongs to another user, or others could change what is in it. */
        UNSAFE,
        /** The folder, or a file in it, cannot be made or written. */
        NOT_MADE,
        /** There is no such session, or no such server in it. */
        UNKNOWN,
        /** The session has ended, or is being changed by somebody else. */
        OVER
    }

    private final Reason reason;

    /**
     * A failure.
     *
     * @param reason of which kind
     * @param message what happened, to which folder or session, and what to do
     */
    public SessionException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Of which kind it is. */
    public Reason reason() {
        return reason;
    }
}
