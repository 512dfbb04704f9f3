package dev.holdfast.instance;

import java.util.Optional;

/**
 * What came of a request to a running instance, by whatever way it was asked.
 *
 * @param why it was not done; empty for {@link Result#DONE}, {@link Result#ASKED} and {@link Result#NOT_RUNNING}
 * @param serverPid the server that runs now; 0 when there is none, or it is not known
 */
public record Outcome(Result result, Optional<NotDone> why, int serverPid) {
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

    /** Whether who was asked does it, as far as it can be told. */
    boolean isTaken() {
        return result == Result.DONE || result == Result.ASKED;
    }

    Outcome withServer(int pid) {
        return new Outcome(result, why, pid);
    }

    static Outcome of(Result result) {
        return new Outcome(result, Optional.empty(), 0);
    }

    /** It was done, and this server runs now; 0 when that is not known. */
    static Outcome done(int serverPid) {
        return new Outcome(Result.DONE, Optional.empty(), serverPid);
    }

    static Outcome refused(NotDone why) {
        return new Outcome(Result.REFUSED, Optional.of(why), 0);
    }

    static Outcome foreign(int owner) {
        return new Outcome(Result.FOREIGN, Optional.of(new NotDone.Foreign(owner)), 0);
    }

    static Outcome ended(NotDone how) {
        return new Outcome(Result.ENDED, Optional.of(how), 0);
    }
}
