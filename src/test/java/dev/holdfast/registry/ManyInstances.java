package dev.holdfast.registry;

import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.settings.HandOff;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/** Files of many instances, which this JVM seems to run. */
public final class ManyInstances {
    /** The highest of all, which nearly never is given; and whoever has it has not begun with the machine. */
    private static final int NO_PID = (1 << 22) - 1;

    private ManyInstances() {}

    /**
     * Writes them: every second pair works on one folder, every tenth one was killed.
     *
     * @param home Holdfast's own folder
     */
    public static void write(Path home, int count) {
        write(home, count, number -> record(number, number % 10 == 9 ? Records.GONE : ProcessIdentity.ofSelf()));
    }

    /**
     * Writes them: half of them were killed, of whose pids half belong to another process by now; of every tenth one
     * the launcher alone was.
     *
     * @param home Holdfast's own folder
     */
    public static void writeMixed(Path home, int count) {
        ProcessIdentity self = ProcessIdentity.ofSelf();
        write(home, count, number -> {
            boolean isReused = number % 2 == 0;
            if (number / 4 % 2 == 1) {
                return record(number, isReused ? Records.GONE : new ProcessIdentity(NO_PID, 1, 1));
            }
            return number % 10 == 8 ? Records.withServer(record(number, Records.GONE), self) : record(number, self);
        });
    }

    private static void write(Path home, int count, IntFunction<InstanceRecord> record) {
        try (InstancesFolder folder =
                InstancesFolder.make(home.resolve("instances").toString())) {
            for (int i = 0; i < count; i++) {
                folder.write(record.apply(i));
            }
        }
    }

    private static InstanceRecord record(int number, ProcessIdentity launcher) {
        LockRecord lock = LockRecord.starting(
                launcher,
                "server-" + number + (number == 1 ? "-with-a-name-that-is-as-long-as-a-name-may-be-in-here" : ""),
                "stdio",
                "1.0." + number,
                String.format("%d-%08x", launcher.pid(), number),
                Duration.ofSeconds(5),
                new LockRecord.Care(Optional.of(HandOff.SUPERVISE), false));
        return new InstanceRecord(
                number % 7 == 3 ? lock : lock.withState(LockRecord.State.READY),
                "/no/such/server-" + number + ".lock",
                new InstanceFacts(
                        "number " + number + " <b>of</b> many",
                        "127.0.0.1",
                        number == 1 ? 0 : 8000 + number,
                        List.of(new DataDirectory(
                                "/srv/data/" + (number % 4 < 2 ? "shared-" + number / 4 : "own-" + number), ""))),
                Configuration.UNKNOWN,
                "2026-05-02T09:14:03.875Z",
                30,
                new InstanceCounters(number, 0, 0, 0, -1, Map.of()));
    }
}
