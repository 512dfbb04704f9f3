package dev.holdfast.process;

import dev.holdfast.posix.signals.Signals;

/**
 * How a process ended.
 *
 * @param code its exit code, 0 to 255; 0 when it died of a signal
 * @param signal the signal that it died of; 0 when it exited by itself
 */
public record ExitStatus(int code, int signal) {
    private static final int SIGNAL_BASE = 128;

    /** An end by itself. */
    public static ExitStatus exited(int code) {
        return new ExitStatus(code, 0);
    }

    /**
     * The exit code for a signal, as a shell has it.
     *
     * @param signal its number
     * @return 128 and the number
     */
    public static int codeOf(int signal) {
        return SIGNAL_BASE + signal;
    }

    /**
     * A death of a signal.
     *
     * @param signal its number
     */
    public static ExitStatus killedBy(int signal) {
        return new ExitStatus(0, signal);
    }

    /**
     * How it ended, as the end of a log line.
     *
     * @return {@code code=3} or {@code signal=SIGTERM}
     */
    public String facts() {
        return signal == 0 ? "code=" + code : "signal=SIG" + Signals.name(signal);
    }

    /**
     * The code that a shell would report: the process's own, or 128 and the signal's number.
     *
     * @return 0 to 255
     */
    public int shellCode() {
        return signal == 0 ? code : codeOf(signal);
    }
}
