package dev.holdfast.share.attach;

/** What came of asking a host once. */
sealed interface Reception {
    /** This start is a client now. */
    record LetIn(HostConnection link) implements Reception {}

    /** Nobody listens. */
    record NobodyThere() implements Reception {}

    /**
     * It may be asked again.
     *
     * @param isStopping whether it is about to end
     */
    record NotNow(boolean isStopping) implements Reception {}

    /**
     * It will not come to that.
     *
     * @param text for whoever has started this; empty for the usual one of a conflict
     */
    record Refused(Reason reason, String text) implements Reception {}
}
