package dev.holdfast.guard;

import dev.holdfast.command.Environment;
import dev.holdfast.hook.ReadyCommandStarter;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.processes.Spawn;
import dev.holdfast.posix.signals.DeathSignal;
import dev.holdfast.posix.signals.Signals;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@code holdfast serve} of one instance: as the launcher's own user, not in the server's place. The kernel ends it together
 * with the launcher. What it says goes nowhere; its exit code tells enough.
 */
final class MetricsProcess implements ReadyCommandStarter.Run {
    private final DeathSignal death;
    private final int pid;

    private MetricsProcess(DeathSignal death, int pid) {
        this.death = death;
        this.pid = pid;
    }

    /**
     * Starts it, and does not wait for it.
     *
     * @param words the command and its arguments
     * @param environment what the launcher was started with
     */
    static MetricsProcess start(List<String> words, Environment environment) {
        DeathSignal death = DeathSignal.create(FileDescriptors.FIRST_AFTER_STDERR, Signals.KILL);
        int nowhere = FileDescriptors.open("/dev/null", FileDescriptors.O_RDWR, 0);
        int pid = nowhere;
        if (nowhere >= 0) {
            try {
                pid = spawn(words, environment, nowhere, death);
            } catch (PosixException e) {
                pid = -e.errno();
            } finally {
                FileDescriptors.close(nowhere);
            }
        }
        return new MetricsProcess(death, pid);
    }

    private static int spawn(List<String> words, Environment environment, int nowhere, DeathSignal death) {
        List<byte[]> arguments = new ArrayList<>();
        for (String word : words) {
            arguments.add(word.getBytes(StandardCharsets.UTF_8));
        }
        Spawn spawn = new Spawn(arguments.get(0), arguments, environment.entries());
        for (int descriptor = 0; descriptor < FileDescriptors.FIRST_AFTER_STDERR; descriptor++) {
            spawn.passDescriptor(nowhere, descriptor);
        }
        spawn.dieOf(death);
        return spawn.start();
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
