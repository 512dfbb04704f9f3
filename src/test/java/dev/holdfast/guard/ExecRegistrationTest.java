package dev.holdfast.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Journal;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.registry.InstanceEntry;
import dev.holdfast.registry.InstancesFolder;
import dev.holdfast.settings.ConflictDetection;
import dev.holdfast.settings.HandOff;
import dev.holdfast.settings.InstanceProfile;
import dev.holdfast.settings.LogLevel;
import dev.holdfast.settings.TrackingSettings;
import dev.holdfast.waiting.Ticker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written before an exec, and that a slow machine is not held up by it. */
class ExecRegistrationTest {
    @TempDir
    Path home;

    private final List<String> logged = new ArrayList<>();
    private long now;

    private List<InstanceEntry> written(boolean isOn, long nanosPerLook) {
        Journal journal = new Journal(LogLevel.DEBUG, () -> entry -> logged.add(entry.text()));
        journal.open();
        LockRecord record = LockRecord.starting(
                ProcessIdentity.ofSelf(),
                "orders",
                "stdio",
                "1",
                LockRecord.newInstanceId(),
                Duration.ofSeconds(5),
                new LockRecord.Care(Optional.of(HandOff.EXEC), false));
        Ticker slow = () -> now += nanosPerLook;
        String folder = home.resolve("instances").toString();
        ExecRegistration.write(
                Optional.of(new TrackingSettings(
                        isOn,
                        Optional.of(folder),
                        Duration.ofSeconds(30),
                        new InstanceProfile("", List.of("/srv"), "", 8080, List.of(), List.of(), List.of()),
                        ConflictDetection.STRICT)),
                "/no/such.lock",
                record,
                journal,
                slow);
        if (!home.resolve("instances").toFile().exists()) {
            return List.of();
        }
        try (InstancesFolder open = InstancesFolder.open(folder)) {
            return open.list();
        }
    }

    @Test
    void oneFileWithoutAHeartbeatUnlessItTakesTooLong() {
        assertThat(written(false, 0)).isEmpty();
        assertThat(written(true, 2_000_000)).isEmpty();
        assertThat(logged).containsExactly("not registered: it would take too long");
        InstanceEntry entry = written(true, 0).get(0);
        assertThat(entry).isInstanceOf(InstanceEntry.Active.class);
        assertThat(((InstanceEntry.Active) entry).record().state()).isEqualTo("exec");
        assertThat(((InstanceEntry.Active) entry).record().port()).isEqualTo(8080);
    }
}
