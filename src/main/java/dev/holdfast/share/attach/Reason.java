package dev.holdfast.share.attach;

/** Why a start does not become a client of a shared server. */
public enum Reason {
    /** Another instance has the lock, and nobody to ask. */
    CONFLICT("conflict"),
    /** The instance of this name is not shared. */
    NOT_SHARED("not-shared"),
    /** The host does not want this start: it was made with other settings, say. */
    OTHER_SETTINGS("other-settings"),
    /** The host is of another version of Holdfast. */
    OTHER_VERSION("other-version"),
    /** The host was stopping for too long, or does not answer. */
    STOPPING("stopping"),
    /** What stands where the host's socket should be is not to be trusted. */
    UNSAFE("unsafe"),
    /** The host that was started has ended. */
    START_FAILED("start-failed");

    private final String word;

    Reason(String word) {
        this.word = word;
    }

    /** The word for it in the answers to the client's requests. */
    public String word() {
        return word;
    }
}
