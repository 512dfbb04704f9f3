package dev.holdfast.hook;

import dev.holdfast.command.ProcessSettingsException;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.signals.DeathSignal;
import dev.holdfast.posix.signals.Signals;

/** The command that tells the server of a second launch, which runs, or could not be started. */
final class ActivationRun implements ReadyCommandStarter.Run {
    private static final int FIRST_AFTER_STDERR = 3;

    private final DeathSignal death;
    private final int pid;

    private ActivationRun(Hook hook, SecondLaunch launch) {
        death = DeathSignal.create(FIRST_AFTER_STDERR, Signals.KILL);
        int started;
        try {
            started = hook.startFor(launch, death);
        } catch (PosixException e) {
            started = -e.errno();
        } catch (ProcessSettingsException e) {
            started = -Errno.EPERM; // its user, say, is refused by the kernel
        }
        pid = started;
    }

    /** Here and not in the caller, where the verifier would load the interface on the way to the server. */
    static ReadyCommandStarter.Run of(Hook hook, SecondLaunch launch) {
        return new ActivationRun(hook, launch);
    }

    @Override
    public int pid() {
        return pid;
    }

    @Override
    public void close() {
        death.close();
    }
}
