package dev.holdfast.instance;

/**
 * What came of a request to a running instance, by whatever way it was asked.
 *
 * @param message why it was not done; empty for {@link Result#DONE}, {@link Result#ASKED} and {@link Result#NOT_RUNNING}
 * @param serverPid the server that runs now; 0 when there is none, or it is not known
 */
public record Outcome(Result result, String message, int serverPid) {
    /** How it ended. */
    public enum Result {
        /** It was done. */
        DONE,
        /** Its launcher was asked, and nobody knows what came of it: there is no control socket to answer by. */
        ASKED,
        /** It does not run. */
        NOT_RUNNING,
        /** It cannot be asked, or does not do it. */
        REFUSED,
        /** It is another user's. */
        FOREIGN,
        /** It ended over it. */
        ENDED
    }

    static Outcome of(Result result) {
        return new Outcome(result, "", 0);
    }

    static Outcome of(Result result, String message) {
        return new Outcome(result, message, 0);
    }
}
