package dev.holdfast.hook;

import dev.holdfast.command.ProcessSettingsException;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.signals.DeathSignal;
import dev.holdfast.posix.signals.Signals;

/**
 * A command that must succeed before something is done, which runs, or could not be started.
 *
 * @param pid a child's; not above 0 when there is none
 * @param death what it dies of when this process does
 */
record CheckRun(int pid, DeathSignal death) implements ReadyCommandStarter.Run {
    /** Here and not in the caller, where the verifier would load the interface on the way to the server. */
    static ReadyCommandStarter.Run of(Hook hook) {
        DeathSignal death = DeathSignal.create(FileDescriptors.FIRST_AFTER_STDERR, Signals.KILL);
        int pid;
        try {
            pid = hook.startLoudly(death);
        } catch (PosixException | ProcessSettingsException e) {
            pid = -1; // its user, say, is refused by the kernel
        }
        return new CheckRun(pid, death);
    }

    @Override
    public void close() {
        death.close();
    }
}
