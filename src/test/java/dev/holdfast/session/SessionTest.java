package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.lock.UnsafeLockPathException;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.testkit.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private Session session;

    @BeforeEach
    void makeFolder() {
        SessionsFolder sessions = SessionsFolder.of(folder.toString());
        sessions.make();
        session = sessions.session("desk");
    }

    private SessionHold entered() throws InterruptedException {
        return session.enter(SessionChoice.named("desk"), PATIENCE);
    }

    @Test
    void nobodyHasItAloneWhileAServerIsBegun() throws InterruptedException {
        try (SessionHold one = entered();
                SessionHold other = entered()) {
            assertThat(one.isHeld() && other.isHeld()).isTrue();
            assertThat(session.lockAlone(Duration.ZERO)).isEmpty();
        }
        try (SessionHold alone = session.lockAlone(Duration.ZERO).orElseThrow()) {
            assertThat(alone.isHeld()).isTrue();
        }
    }

    /** A cleanup goes over thousands of them. */
    @Test
    void lockLeavesNoDescriptorOpen() throws Exception {
        entered().close();
        long before = locksOpen();
        for (int i = 0; i < 5; i++) {
            entered().close();
            session.lockAlone(PATIENCE).orElseThrow().close();
        }
        assertThat(locksOpen()).isEqualTo(before).isZero();
    }

    private long locksOpen() throws IOException {
        Path lock = Path.of(session.pids(), ".lock");
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(each -> leadsTo(each, lock)).count();
        }
    }

    private static boolean leadsTo(Path link, Path file) {
        try {
            return Files.readSymbolicLink(link).equals(file);
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }

    @Test
    void lockThatIsNoneIsTold() throws Exception {
        entered().close();
        Path lock = Path.of(session.pids(), ".lock");
        Files.delete(lock);
        Files.createSymbolicLink(lock, folder.resolve("elsewhere"));
        assertThatThrownBy(() -> session.lockAlone(Duration.ZERO)).isInstanceOf(UnsafeLockPathException.class);
        assertThatThrownBy(this::entered).isInstanceOf(UnsafeLockPathException.class);
        assertThat(folder.resolve("elsewhere")).doesNotExist();
    }

    @Test
    void folderThatIsALinkIsNotLocked() throws IOException {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Files.createSymbolicLink(Path.of(session.pids()), elsewhere);
        assertThatThrownBy(() -> session.lockAlone(Duration.ZERO)).isInstanceOf(SessionException.class);
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void whatAKilledRemovalHasLeftIsRemoved() throws Exception {
        Files.createDirectory(Path.of(session.configs()));
        try (SessionHold alone = session.lockAlone(Duration.ZERO).orElseThrow()) {
            assertThat(alone.isHeld()).isTrue();
            assertThat(session.isEmpty()).isTrue();
            assertThat(session.remove()).isEmpty();
        }
        assertThat(Path.of(session.configs())).doesNotExist();
        assertThat(Path.of(session.pids())).doesNotExist();
        assertThat(session.lockAlone(Duration.ZERO)).isEmpty();
    }

    /** Its server may run: who forgot it would leave it behind. */
    @Test
    void serverWhoseFileCannotBeReadIsStillOne() throws Exception {
        entered().close();
        session.add(new SessionServer("one", "/tmp/one.lock"));
        Files.writeString(Path.of(session.pids(), "two.json"), "{");
        Files.createSymbolicLink(Path.of(session.pids(), "three.json"), Path.of("one.json"));
        assertThat(session.servers()).extracting(SessionServer::name).containsExactly("one", "three", "two");
        assertThat(session.servers()).extracting(SessionServer::isKnown).containsExactly(true, false, false);
    }

    /** Whoever believed such a record would end the servers of a session whose leader lives, or join a planted one. */
    @Test
    void recordThatIsNotThisUsersOwnFileIsNone() throws Exception {
        entered().close();
        Path record = Path.of(session.pids(), ".session.json");
        assertThat(session.state()).isEqualTo(SessionState.KEPT);
        byte[] bytes = Files.readAllBytes(record);
        Path elsewhere = Files.write(folder.resolve("elsewhere"), bytes);
        Files.delete(record);
        Files.createSymbolicLink(record, elsewhere);
        assertThat(session.state()).isEqualTo(SessionState.UNKNOWN);
        Files.delete(record);
        try (Child fifo = Child.start(new ProcessBuilder("mkfifo", record.toString()))) {
            assertThat(fifo.awaitExit()).isZero();
        }
        assertThat(session.state()).isEqualTo(SessionState.UNKNOWN);
        Files.delete(record);
        Files.write(record, new byte[100_000]);
        assertThat(session.state()).isEqualTo(SessionState.UNKNOWN);
        Files.write(record, bytes);
        assertThat(session.state()).isEqualTo(SessionState.KEPT);
        if (Self.effectiveUser() == 0) {
            Files.setAttribute(record, "unix:uid", 1234);
            assertThat(session.state()).isEqualTo(SessionState.UNKNOWN);
        }
    }

    @Test
    void launcherIsKnownByItsFile() throws Exception {
        entered().close();
        assertThat(session.isLauncher("one", 17)).isFalse();
        Files.writeString(Path.of(session.pidFileOf("one")), "17\n");
        assertThat(session.isLauncher("one", 17)).isTrue();
        assertThat(session.isLauncher("one", 1)).isFalse();
    }
}
