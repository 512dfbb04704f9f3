package dev.holdfast.registry;

import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.settings.HandOff;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Files of many instances, which this JVM seems to run. */
public final class ManyInstances {
    private ManyInstances() {}

    /**
     * Writes them: every second pair works on one folder, every tenth one was killed.
     *
     * @param home Holdfast's own folder
     */
    public static void write(Path home, int count) {
        try (InstancesFolder folder =
                InstancesFolder.make(home.resolve("instances").toString())) {
            for (int i = 0; i < count; i++) {
                folder.write(record(i));
            }
        }
    }

    private static InstanceRecord record(int number) {
        ProcessIdentity launcher = number % 10 == 9 ? Records.GONE : ProcessIdentity.ofSelf();
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
