package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.example.Indexer;
import dev.holdfast.lock.AdvisoryLock;
import dev.holdfast.lock.Hold;
import dev.holdfast.lock.NetworkLocks;
import dev.holdfast.lock.UnsafeLockPathException;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.LockChild;
import dev.holdfast.testkit.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Locks on FUSE, for real: a folder mounted a second time by bindfs(1). */
@Timeout(180)
class NetworkFileSystemIT {
    @TempDir
    Path folder;

    private Path behind = Path.of("/");
    private Path mounted = Path.of("/");

    @BeforeEach
    void mount() throws IOException {
        behind = Files.createDirectory(folder.resolve("behind"));
        mounted = Files.createDirectory(folder.resolve("mounted"));
        assumeTrue(
                Files.exists(Path.of("/usr/bin/bindfs")) && Files.exists(Path.of("/dev/fuse")),
                "needs bindfs and /dev/fuse");
        try (Child mount = Child.start(new ProcessBuilder("bindfs", behind.toString(), mounted.toString()))) {
            assumeTrue(mount.awaitExitWithoutOutput() == 0, "needs FUSE mounts");
        }
    }

    @AfterEach
    void unmount() {
        try (Child unmount = Child.start(new ProcessBuilder("fusermount", "-u", "-z", mounted.toString()))) {
            unmount.awaitExit();
        }
    }

    @Test
    void runRefusesAndLeavesNothing() {
        Launcher launcher = Launcher.in(mounted);
        try (Child run = launcher.run(List.of(), List.of("echo", "ran"))) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(77);
            assertThat(run.stderr())
                    .contains("\"" + launcher.lockFile("orders") + "\" is on a network file system, FUSE (fuse")
                    .contains("--allow-network-lock");
            assertThat(run.stdout()).isEmpty();
            assertThat(launcher.leftovers()).isEmpty();
        }
    }

    /** By a thread of its own, so the instance is seen all the same, and its end is not told later than elsewhere. */
    @Test
    void registryAndHistoryAreKeptThereByAThread() throws IOException {
        Launcher launcher = Launcher.in(Files.createDirectory(folder.resolve("locks")))
                .env("HOLDFAST_HOME", mounted.resolve("home").toString());
        Path instances = behind.resolve("home/instances");
        try (Child run = launcher.run(List.of(), List.of("sleep", "100"))) {
            await().until(() -> names(instances).stream().anyMatch(name -> name.startsWith("server_")));
            assertThat(systemCall(run)).isNotEmpty();
            run.signal("TERM");
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(143);
        }
        assertThat(names(instances)).isEmpty();
        assertThat(Files.readString(behind.resolve("home/history.jsonl"))).contains("\"start\"", "\"stop\"");
    }

    /** bindfs(1) is stopped, as a file server that is away: whoever asks it waits for ever. */
    @Test
    void fileServerThatIsAwayDelaysNoStop() throws IOException {
        Launcher launcher = Launcher.in(Files.createDirectory(folder.resolve("locks")))
                .env("HOLDFAST_HOME", mounted.resolve("home").toString());
        Path instances = behind.resolve("home/instances");
        try (Child run = launcher.run(List.of("--heartbeat-interval=1"), List.of("sleep", "100"))) {
            await().until(() -> names(instances).stream().anyMatch(name -> name.startsWith("server_")));
            long server = ProcessHandle.allProcesses()
                    .filter(process ->
                            process.info().commandLine().orElse("").contains("bindfs " + behind + " " + mounted))
                    .findFirst()
                    .orElseThrow()
                    .pid();
            String idle = awaitIdle(run);
            Processes.signal(server, "STOP");
            try {
                // The heartbeat waits for it by now, and does not come back.
                await().during(Duration.ofMillis(200))
                        .until(() -> !systemCall(run).equals(idle)
                                && !systemCall(run).equals("running"));
                run.signal("TERM");
                assertThat(run.awaitExit()).as("%s", run).isEqualTo(143);
                assertThat(launcher.leftovers()).isEmpty();
            } finally {
                Processes.signal(server, "CONT");
            }
        }
    }

    /** The system call in which it waits for something to do: two looks see no write of a moment. */
    private static String awaitIdle(Child run) {
        String[] last = {""};
        await().until(() -> {
            String before = last[0];
            last[0] = systemCall(run);
            return !last[0].isEmpty() && !last[0].equals("running") && last[0].equals(before);
        });
        return last[0];
    }

    private static List<String> names(Path folder) {
        String[] names = folder.toFile().list();
        return names == null ? List.of() : List.of(names);
    }

    /** In which the thread is that writes to the home; empty when there is no such thread. */
    private static String systemCall(Child run) {
        Path threads = Path.of("/proc/" + run.pid() + "/task");
        for (String id : names(threads)) {
            try {
                if (Files.readString(threads.resolve(id).resolve("comm"))
                        .strip()
                        .equals("holdfast-home")) {
                    return Files.readString(threads.resolve(id).resolve("syscall"))
                            .strip()
                            .split(" ", 2)[0];
                }
            } catch (IOException e) {
                // One that has ended meanwhile: the next one.
            }
        }
        return "";
    }

    @Test
    void runUsesItWhenAllowed() {
        for (String how : List.of("flag", "variable")) {
            Launcher launcher = Launcher.in(mounted);
            if (how.equals("variable")) {
                launcher.env("HOLDFAST_ALLOW_NETWORK_LOCK", "true");
            }
            try (Child run = launcher.run(
                    how.equals("flag") ? List.of("--allow-network-lock") : List.of(), List.of("echo", "ran"))) {
                assertThat(run.awaitExit()).as("%s", run).isZero();
                assertThat(run.stdout()).isEqualTo("ran\n");
            }
        }
    }

    /** For its data, too; and the server's library asks no second time. */
    @Test
    void dataOnItAreLockedWhenAllowed() throws IOException {
        List<String> options = List.of("--coordination", "file_lock", "--data-dir", mounted.toString());
        Launcher launcher = Launcher.in(folder);
        List<String> indexer = LockChild.command(Indexer.class, mounted.toString(), "told", "one", "2");
        try (Child refused = launcher.run(options, indexer)) {
            assertThat(refused.awaitExit()).as("%s", refused).isEqualTo(77);
            assertThat(refused.stderr()).contains("network file system").contains("--allow-network-lock");
            assertThat(mounted).isEmptyDirectory();
        }
        launcher.env("HOLDFAST_ALLOW_NETWORK_LOCK", "yes");
        try (Child server = launcher.run(options, indexer)) {
            server.awaitOut("ready");
            server.stdin().write('\n');
            server.stdin().flush();
            assertThat(server.awaitExit()).as("%s", server).isZero();
            assertThat(server.stdout()).contains("stored one-1").endsWith("done\n");
        }
    }

    @Test
    void lockRefusesAFileAndAFolderAndMakesNothing() {
        for (Path path : List.of(mounted.resolve("new"), mounted)) {
            try (Child lock = Launcher.in(folder).command(List.of("lock", path.toString(), "echo", "ran"))) {
                assertThat(lock.awaitExit()).as("%s", lock).isEqualTo(77);
                assertThat(lock.stderr()).contains("network file system").contains("--allow-network-lock");
            }
        }
        assertThat(mounted.resolve("new")).doesNotExist();
        try (Child lock = Launcher.in(folder)
                .command(List.of(
                        "lock", "--allow-network-lock", mounted.resolve("new").toString(), "echo", "ran"))) {
            assertThat(lock.awaitExit()).as("%s", lock).isZero();
        }
    }

    @Test
    void theLibraryRefusesUnlessAllowed() throws InterruptedException {
        Path file = mounted.resolve("file");
        assertThatThrownBy(() -> AdvisoryLock.exclusive(file))
                .isInstanceOf(UnsafeLockPathException.class)
                .hasMessageContaining("network file system");
        try (AdvisoryLock lock = AdvisoryLock.exclusive(file, NetworkLocks.ALLOW);
                Hold hold = lock.acquire(Duration.ofSeconds(5))) {
            assertThat(hold.isHeld()).isTrue();
        }
    }

    @Test
    void theProbeSaysSo() {
        try (Child probe = Launcher.in(folder).command(List.of("lock", "--probe", mounted.toString()))) {
            assertThat(probe.awaitExit()).as("%s", probe).isEqualTo(77);
            assertThat(probe.stdout()).contains("network file system, FUSE").contains("not fit for locks");
        }
        assertThat(Launcher.in(mounted).leftovers()).isEmpty();
    }
}
