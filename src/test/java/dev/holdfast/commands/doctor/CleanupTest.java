package dev.holdfast.commands.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Journal;
import dev.holdfast.json.jackson.Json;
import dev.holdfast.lock.file.HeldLock;
import dev.holdfast.lock.file.LockAttempt;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.lock.file.Steps;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.registry.Configuration;
import dev.holdfast.registry.ConfigurationPart;
import dev.holdfast.registry.DataDirectory;
import dev.holdfast.registry.InstanceCounters;
import dev.holdfast.registry.InstanceEntry;
import dev.holdfast.registry.InstanceFacts;
import dev.holdfast.registry.InstanceRecord;
import dev.holdfast.registry.InstancesFolder;
import dev.holdfast.registry.conflict.ConflictSearch;
import dev.holdfast.settings.ConflictDetection;
import dev.holdfast.settings.HandOff;
import dev.holdfast.settings.LogLevel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is cleared away, what is left alone, and how both are told: with files only, and no process. */
@Timeout(60)
class CleanupTest {
    /** A process that surely is not there any more: this very pid, of another one. */
    private static final ProcessIdentity GONE = new ProcessIdentity(Self.pid(), 1, 1);

    @TempDir
    Path home;

    private Path folder() {
        return home.resolve("instances");
    }

    private static LockRecord lock(ProcessIdentity launcher, String name, String id) {
        return LockRecord.starting(
                launcher,
                name,
                "stdio",
                "1",
                id,
                Duration.ofSeconds(5),
                new LockRecord.Care(Optional.of(HandOff.SUPERVISE), false));
    }

    private static InstanceRecord record(ProcessIdentity launcher, String name, String id, String version) {
        return new InstanceRecord(
                lock(launcher, name, id),
                "",
                new InstanceFacts("", "", 0, List.of(new DataDirectory("/data", ""))),
                new Configuration("hash" + version, "key", List.of(new ConfigurationPart("version", version, false))),
                "2026-05-02T09:14:03.875Z",
                30,
                InstanceCounters.NONE);
    }

    private List<InstanceEntry> registered(InstanceRecord... records) {
        try (InstancesFolder folder = InstancesFolder.make(folder().toString())) {
            for (InstanceRecord record : records) {
                folder.write(record);
            }
            return folder.list();
        }
    }

    private Diagnosis diagnosis(List<InstanceEntry> entries, List<Leftover> leftovers) {
        return new Diagnosis(
                ConflictDetection.STRICT,
                new RegistryPlace(Optional.of(folder().toString()), true, ConflictDetection.STRICT, false),
                entries,
                new ConflictSearch(ConflictDetection.STRICT).among(entries),
                List.of(),
                leftovers,
                Map.of());
    }

    private static Cleanup cleaned(Diagnosis diagnosis, boolean isPlan) {
        Cleanup cleanup = new Cleanup(diagnosis, isPlan, true, new Journal(LogLevel.ERROR, () -> entry -> {}));
        cleanup.run(name -> !name.equals("spared"));
        return cleanup;
    }

    /** As a killed launcher leaves it. */
    private LockFile left(String id) {
        LockFile file = LockFile.at(home.resolve("orders.lock").toString());
        HeldLock held = ((LockAttempt.Acquired) file.tryAcquire()).lock();
        held.write(lock(GONE, "orders", id));
        held.abandon();
        return file;
    }

    @Test
    void staleFilesGoOnceAndOthersStay() {
        ProcessIdentity self = ProcessIdentity.ofSelf();
        Diagnosis diagnosis = diagnosis(
                registered(
                        record(GONE, "orders", "7-00000001", "1"),
                        record(GONE, "spared", "7-00000002", "1"),
                        record(self, "orders", "7-00000003", "1")),
                List.of());
        String stale = folder().resolve("server_7-00000001.json").toString();
        assertThat(cleaned(diagnosis, true).staleFiles()).containsExactly(stale);
        assertThat(Path.of(stale)).as("a plan only").exists();
        assertThat(cleaned(diagnosis, false).staleFiles()).containsExactly(stale);
        assertThat(cleaned(diagnosis, false).staleFiles())
                .as("by the second of two at once")
                .isEmpty();
        assertThat(folder().resolve("server_7-00000002.json")).exists();
        assertThat(folder().resolve("server_7-00000003.json")).exists();
    }

    @Test
    void lockFileThatWasLeftGoes() {
        LockFile file = left("7-00000001");
        Leftover leftover = new Leftover("orders", file, "7-00000001", false, "");
        assertThat(cleaned(diagnosis(List.of(), List.of(leftover)), true).lockFiles())
                .containsExactly(file.path());
        assertThat(file.isNamed()).isTrue();
        assertThat(cleaned(diagnosis(List.of(), List.of(leftover)), false).lockFiles())
                .containsExactly(file.path());
        assertThat(file.isNamed()).isFalse();
    }

    @Test
    void serverWithoutLauncherStaysUntilItsEndIsAskedFor() {
        LockFile file = left("7-00000001");
        Leftover leftover = new Leftover("orders", file, "7-00000001", true, "7");
        InstanceRecord record = record(GONE, "orders", "7-00000001", "1");
        InstanceRecord orphan = new InstanceRecord(
                record.lock().withServer(ProcessIdentity.ofSelf(), LockRecord.State.READY),
                file.path(),
                record.facts(),
                record.configuration(),
                record.lastHeartbeat(),
                record.heartbeatSeconds(),
                record.counters());
        Journal journal = new Journal(LogLevel.ERROR, () -> entry -> {});
        Cleanup cleanup = new Cleanup(diagnosis(registered(orphan), List.of(leftover)), false, false, journal);
        cleanup.run(name -> true);
        assertThat(cleanup.left()).singleElement().asString().contains("--terminate-orphans ends it");
        assertThat(cleanup.ended()).isEmpty();
        assertThat(file.isNamed()).isTrue();
        assertThat(folder().resolve("server_7-00000001.json")).exists();
    }

    /** This very process would be signalled. */
    @Test
    void instanceThatHasStartedMeanwhileIsLeftAlone() {
        LockFile file = LockFile.at(home.resolve("orders.lock").toString());
        Leftover leftover = new Leftover("orders", file, "7-00000001", true, "");
        HeldLock held = ((LockAttempt.Acquired) file.tryAcquire()).lock();
        try {
            held.write(lock(ProcessIdentity.ofSelf(), "orders", "8-00000001"));
            Cleanup cleanup = cleaned(diagnosis(List.of(), List.of(leftover)), false);
            assertThat(cleanup.lockFiles()).isEmpty();
            assertThat(cleanup.ended()).isEmpty();
            assertThat(cleanup.left()).as("nothing stays of what was to go").isEmpty();
            assertThat(held.isIntact()).isTrue();
        } finally {
            held.release(Steps.NONE);
        }
        left("8-00000001");
        assertThat(cleaned(diagnosis(List.of(), List.of(leftover)), false).left())
                .as("what another one has left, too")
                .isEmpty();
        assertThat(Files.exists(Path.of(file.path()))).isTrue();
    }

    @Test
    void diagnosisHasTheShapeOfTheDocument() {
        ProcessIdentity self = ProcessIdentity.ofSelf();
        Diagnosis diagnosis = diagnosis(
                registered(
                        record(self, "orders", "7-00000001", "1"),
                        record(self, "billing", "7-00000002", "2"),
                        record(GONE, "billing", "7-00000003", "2")),
                List.of());
        assertThat(diagnosis.exitCode()).isEqualTo(2);
        String json = Json.line(DiagnosisJson.of(diagnosis));
        assertThat(json)
                .startsWith("{\"status\":\"conflicts\",")
                .contains("\"instance_tracking\":{\"active_instances\":2,\"conflicts_detected\":2,")
                .contains("\"conflicts\":[{\"type\":\"configuration_mismatch\",\"instance\":{\"pid\":" + Self.pid()
                        + ",\"server_name\":\"")
                .contains("\"config_hash\":\"hash1\",\"directories\":[\"/data\"]")
                .contains("\"severity\":\"high\",\"details\":\"Different version configuration detected\"")
                .contains("{\"type\":\"stale_instance\",", "\"severity\":\"low\"")
                .contains("\"differing_keys\":[\"version\"]", "\"impact\":\"Inconsistent behavior, cache conflicts\"");
        assertThat(DiagnosisText.of(diagnosis))
                .contains("conflict  configuration_mismatch: \"", "warning   stale_instance: \"billing\"", "  do      ")
                .endsWith("conflicts: 2 instances, 1 conflict, 1 warning, at level strict");
    }

    @Test
    void exitCodeTellsHowBadItIs() {
        assertThat(diagnosis(List.of(), List.of()).exitCode()).isZero();
        List<InstanceEntry> stale = registered(record(GONE, "orders", "7-00000001", "1"));
        assertThat(diagnosis(stale, List.of()).exitCode()).isEqualTo(1);
        assertThat(diagnosis(stale, List.of()).status()).isEqualTo("warnings");
    }
}
