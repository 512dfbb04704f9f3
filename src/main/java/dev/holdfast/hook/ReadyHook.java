package dev.holdfast.hook;

import dev.holdfast.command.ProcessSettingsException;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.signals.DeathSignal;

/** Starts the command that tells whether the server is ready, as the commands around the server are run. */
final class ReadyHook implements ReadyCommandStarter {
    private final Hook hook;

    ReadyHook(Hook hook) {
        this.hook = hook;
    }

    @Override
    public Run start() {
        DeathSignal death = DeathSignal.create(FileDescriptors.FIRST_AFTER_STDERR);
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
