package dev.holdfast.cli;

import dev.holdfast.lock.file.Steps;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.signals.Signals;

/**
 * Kills the launcher after a named step, so that tests can see what a crash leaves behind. Named by the variable
 * {@code HOLDFAST_CRASH_AFTER}; without it nothing here is loaded.
 */
final class CrashPoint implements Steps {
    /** Names the step. */
    static final String VARIABLE = "HOLDFAST_CRASH_AFTER";

    private final String step;

    CrashPoint(String step) {
        this.step = step;
    }

    @Override
    public void reached(String reached) {
        if (reached.equals(step)) {
            var unused = Self.kill(Self.pid(), Signals.KILL);
        }
    }
}
