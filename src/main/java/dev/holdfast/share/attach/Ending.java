package dev.holdfast.share.attach;

import dev.holdfast.console.ExitCode;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.process.ExitStatus;

/**
 * How a client's start ended.
 *
 * @param code the exit code, but for a signal's
 * @param isSignalled whether a stop request ended it, which the wait knows
 * @param text for stderr; empty for nothing
 */
public record Ending(int code, boolean isSignalled, String text) {
    /** The client has left. */
    static final Ending CLIENT_LEFT = new Ending(ExitCode.OK.number(), false, "");
    /** The client has died. */
    static final Ending ORPHANED = new Ending(ExitStatus.codeOf(Signals.HUP), false, "");
    /** Somebody wants it to end. */
    static final Ending SIGNALLED = new Ending(ExitCode.OK.number(), true, "");

    /** Another one, with words for it. */
    static Ending of(int code, String text) {
        return new Ending(code, false, text);
    }
}
