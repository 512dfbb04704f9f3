package dev.holdfast.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.lock.file.HeldLock;
import dev.holdfast.lock.file.LockAttempt;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.Steps;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.process.ProcessIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What lands in the folder, what is believed of what is found there, and what is touched. */
@Timeout(60)
class InstancesFolderTest {
    private static final String ID = "7-0a1b2c3d";

    @TempDir
    Path home;

    private final ProcessIdentity self = ProcessIdentity.ofSelf();

    private Path folder() {
        return home.resolve("own/instances");
    }

    private Path file(String id) {
        return folder().resolve("server_" + id + ".json");
    }

    private InstancesFolder made() {
        return InstancesFolder.make(folder().toString());
    }

    private List<InstanceEntry> list() {
        try (InstancesFolder folder = made()) {
            return folder.list();
        }
    }

    private void write(InstanceRecord record) {
        try (InstancesFolder folder = made()) {
            folder.write(record);
        }
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void fileAndFolderAreTheirOwnersAlone() throws IOException {
        write(Records.of(self, ID));
        assertThat(mode(folder())).isEqualTo("rwx------");
        assertThat(mode(Objects.requireNonNull(folder().getParent()))).isEqualTo("rwx------");
        assertThat(mode(file(ID))).isEqualTo("rw-------");
        write(Records.of(self, ID));
        assertThat(names()).containsExactly("server_" + ID + ".json");
        try (InstancesFolder folder = made()) {
            assertThat(folder.remove(ID)).isTrue();
            assertThat(folder.remove(ID)).isFalse();
        }
        assertThat(names()).isEmpty();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void identityDecidesWhoLives() throws IOException {
        write(Records.of(self, "1-00000001"));
        write(Records.of(Records.GONE, "1-00000002"));
        write(Records.withServer(Records.of(Records.GONE, "1-00000003"), self));
        write(Records.withServer(Records.of(Records.GONE, "1-00000004"), Records.GONE));
        write(Records.of(new ProcessIdentity(self.pid(), -1, 0), "1-00000005")); // nothing tells: it may live
        Files.writeString(
                folder().resolve("server_1-00000006.json"), Records.elsewhere(Records.of(self, "1-00000006"), true));
        Files.writeString(
                folder().resolve("server_1-00000007.json"),
                Records.elsewhere(Records.of(Records.GONE, "1-00000007"), false));
        assertThat(kinds())
                .containsExactlyInAnyOrder(
                        "Active 1", "Stale 2", "Orphaned 3", "Stale 4", "Active 5", "Elsewhere 6", "Elsewhere 7");
        assertThat(names()).hasSize(7);
    }

    /** A clock that was set back or forth, and a laptop that slept. */
    @Test
    void heartbeatDecidesNothing() throws IOException {
        for (String time : List.of("1970-01-01T00:00:00.000Z", "2201-05-02T09:14:03.875Z")) {
            write(Records.beatenAt(Records.of(self, "1-00000001"), time));
            write(Records.beatenAt(Records.of(Records.GONE, "1-00000002"), time));
            assertThat(kinds()).as(time).containsExactlyInAnyOrder("Active 1", "Stale 2");
        }
    }

    private List<String> kinds() {
        List<String> kinds = new ArrayList<>();
        for (InstanceEntry entry : list()) {
            String kind = entry.getClass().getSimpleName();
            kinds.add(
                    entry instanceof InstanceEntry.Known known
                            ? kind + " " + known.record().instanceId().substring(9)
                            : kind);
        }
        return kinds;
    }

    @Test
    void afterAnExecTheFileOfOneThatHasEndedIsRemovedAndNotTold() throws IOException {
        write(Records.afterExec(Records.of(self, "1-00000001")));
        write(Records.afterExec(Records.of(Records.GONE, "1-00000002")));
        assertThat(kinds()).containsExactly("Active 1");
        assertThat(names()).containsExactly("server_1-00000001.json");
    }

    @Test
    void whoeverHoldsTheInstancesLockKeepsItFromBeingStale() {
        LockFile lockFile = LockFile.at(home.resolve("orders.lock").toString());
        InstanceRecord record = Records.withLockFile(Records.of(Records.GONE, ID), lockFile.path());
        write(record);
        assertThat(kinds()).containsExactly("Stale " + ID.substring(9));
        HeldLock lock = ((LockAttempt.Acquired) lockFile.tryAcquire(Steps.NONE)).lock();
        try {
            lock.write(record.lock());
            assertThat(kinds()).containsExactly("Orphaned " + ID.substring(9));
            lock.write(Records.of(self, "8-00000000").lock()); // another instance's by now
            assertThat(kinds()).containsExactly("Stale " + ID.substring(9));
        } finally {
            lock.release(Steps.NONE);
        }
    }

    @Test
    void whatIsNoRecordIsMovedAsideAndNamed() throws IOException {
        write(Records.of(self, ID));
        Files.writeString(file("torn"), "{\"pid\":");
        Files.writeString(file("empty"), "");
        Files.copy(file(ID), file("8-00000000")); // says that it is another one
        Files.createSymbolicLink(file("link"), file(ID));
        Files.createDirectory(file("folder"));
        Files.write(file("huge"), new byte[2 << 20]);
        List<InstanceEntry> entries = list();
        assertThat(entries).hasSize(7);
        assertThat(entries.get(0)).isInstanceOf(InstanceEntry.Active.class);
        for (InstanceEntry entry : entries.subList(1, 7)) {
            InstanceEntry.Corrupt corrupt = (InstanceEntry.Corrupt) entry;
            assertThat(corrupt.movedTo()).startsWith(folder() + "/corrupt/");
            assertThat(Path.of(corrupt.path())).doesNotExist();
            assertThat(Files.exists(Path.of(corrupt.movedTo()), LinkOption.NOFOLLOW_LINKS))
                    .isTrue();
            assertThat(corrupt.reason()).isNotEmpty();
        }
        assertThat(folder().resolve("corrupt/server_torn.json")).hasContent("{\"pid\":");
        Files.writeString(file("torn"), "again");
        assertThat(list().get(1))
                .extracting(entry -> ((InstanceEntry.Corrupt) entry).movedTo())
                .isEqualTo(folder() + "/corrupt/server_torn.json.1");
        assertThat(folder().resolve("corrupt/server_torn.json")).hasContent("{\"pid\":");
        assertThat(list()).hasSize(1);
    }

    @Test
    void othersFilesInASharedFolderAreLeftAlone() throws IOException {
        assumeTrue(Self.effectiveUser() == 0, "needs root");
        Files.createDirectories(folder());
        Files.setPosixFilePermissions(folder(), PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(this::made).isInstanceOf(RegistryException.class).hasMessageContaining("not sticky");
        Files.setAttribute(folder(), "unix:mode", 01777);
        Files.setAttribute(folder(), "unix:uid", 4711);
        write(Records.of(self, ID));
        Files.writeString(file("8-00000000"), "not mine");
        Files.setAttribute(file("8-00000000"), "unix:uid", 4711);
        Files.writeString(file("mine"), "garbage");
        List<InstanceEntry> entries = list();
        assertThat(entries)
                .contains(
                        new InstanceEntry.Foreign(file("8-00000000").toString(), 4711),
                        new InstanceEntry.Corrupt(
                                file("mine").toString(),
                                folder() + "/corrupt-0/server_mine.json",
                                "it is no record of an instance"));
        assertThat(entries).hasSize(3);
        assertThat(file("8-00000000")).hasContent("not mine");
        try (InstancesFolder folder = InstancesFolder.open(folder().toString(), 4711)) {
            assertThat(folder.listOf(4711))
                    .containsExactlyInAnyOrder(
                            new InstanceEntry.Foreign(file(ID).toString(), 0),
                            new InstanceEntry.Corrupt(
                                    file("8-00000000").toString(), "", "it is no record of an instance"));
        }
        assertThat(file("8-00000000")).exists();
    }

    @Test
    void aFolderThatCannotBeTrustedIsRefused() throws IOException {
        Path real = Files.createDirectory(home.resolve("real"));
        Path link = Files.createSymbolicLink(home.resolve("link"), real);
        assertThatThrownBy(() -> InstancesFolder.make(link.toString())).hasMessageContaining("symbolic link");
        Path file = Files.createFile(home.resolve("file"));
        assertThatThrownBy(() -> InstancesFolder.make(file.toString())).hasMessageContaining("regular file");
        assertThatThrownBy(() -> InstancesFolder.make(home + "/a/b/c")).hasMessageContaining("cannot make");
        assumeTrue(Self.effectiveUser() == 0, "needs root");
        Files.setAttribute(real, "unix:uid", 4711);
        assertThatThrownBy(() -> InstancesFolder.make(real.toString())).hasMessageContaining("another user (uid 4711)");
    }

    @Test
    void whatAKilledWriterLeftIsRemovedWhenItIsOld() throws IOException {
        write(Records.of(self, ID));
        Path old = Files.createFile(folder().resolve(".server_1-00000001.json.new"));
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(100)));
        Path young = Files.createFile(folder().resolve(".server_1-00000002.json.new"));
        Files.createSymbolicLink(folder().resolve("." + file(ID).getFileName() + ".new"), Path.of("/no/such"));
        assertThat(list()).hasSize(1);
        assertThat(old).doesNotExist();
        assertThat(young).exists();
        write(Records.of(self, ID)); // in place of what was planted there
        assertThat(list()).hasSize(1);
    }

    /** Each of the four must say so: what cannot be told is elsewhere. */
    @Test
    void whatWasWrittenBeforeThisMachinesBootIsStale() {
        String id = Machine.id();
        assumeTrue(!id.isEmpty(), "needs a machine id");
        InstanceRecord known = Records.of(self, ID);
        InstanceRecord record = new InstanceRecord(
                known.lock(),
                "",
                known.facts(),
                known.configuration(),
                "2001-05-02T09:14:03.875Z",
                30,
                known.counters(),
                id);
        String before = Records.elsewhere(record, true);
        List<String> unknown = List.of(
                before.replace(id, "0123456789abcdef"),
                before.replace("\"machine\":\"" + id + "\",", ""),
                before.replace("\"host\":\"", "\"host\":\"another-"),
                before.replace("\"lastHeartbeat\":\"2001", "\"lastHeartbeat\":\"2201"));
        assertThat(judge(before)).isEqualTo(Liveness.Verdict.GONE);
        for (String other : unknown) {
            assertThat(other).isNotEqualTo(before);
            assertThat(judge(other)).as(other).isEqualTo(Liveness.Verdict.ELSEWHERE);
        }
    }

    private static Liveness.Verdict judge(String json) {
        return new Liveness()
                .of(InstanceRecord.parse(json.getBytes(StandardCharsets.UTF_8)).orElseThrow());
    }
}
