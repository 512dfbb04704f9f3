package dev.holdfast.hook;

import dev.holdfast.command.ProcessSettingsException;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.signals.DeathSignal;
import dev.holdfast.posix.signals.Signals;

/** Starts the command that tells whether the server is ready, as the commands around the server are run. */
final class ReadyHook implements ReadyCommandStarter {
    private final Hook hook;

    private ReadyHook(Hook hook) {
        this.hook = hook;
    }

    /** Here and not in the caller, where the verifier would load the interface on the way to the server. */
    static ReadyCommandStarter of(Hook hook) {
        return new ReadyHook(hook);
    }

    @Override
    public Run start() {
        DeathSignal death = DeathSignal.create(FileDescriptors.FIRST_AFTER_STDERR, Signals.KILL);
        int pid;
        try {
            pid = hook.startQuietly(death);
        } catch (PosixException | ProcessSettingsException e) {
            pid = -1; // its folder is gone, say
        }
        return new Started(pid, death);
    }

    private record Started(int pid, DeathSignal death) implements Run {
        @Override
        public void close() {
            death.close();
        }
    }
}
