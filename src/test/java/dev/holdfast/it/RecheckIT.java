package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise 1 under a cleaner that removes the lock file: refused at once by the interlock, and repaired within a minute. */
@Timeout(180)
class RecheckIT {
    /** Takes an abstract name. */
    private static final String BIND =
            "use Socket; socket(my $s, AF_UNIX, SOCK_DGRAM, 0) or die; bind($s, pack_sockaddr_un(\"\\0$ARGV[0]\"))"
                    + " or die $!; $| = 1; print \"ready $$\\n\"; sleep 1000";

    @TempDir
    Path locks;

    private Child start() {
        Child run = Launcher.in(locks).run(List.of("--death-signal", "none"), Launcher.server());
        run.awaitServer();
        Launcher.in(locks).awaitRecordedServer("orders");
        return run;
    }

    private void removeNames(String... names) throws IOException {
        for (String name : names) {
            Files.deleteIfExists(locks.resolve(name));
        }
    }

    private String answer(int code, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("orders", "--lock-dir", locks.toString()));
        try (Child command = Launcher.in(locks).command(all)) {
            assertThat(command.awaitExit()).as("%s", command).isEqualTo(code);
            return command.stdout();
        }
    }

    @Test
    void secondStartIsRefusedWhenTheFileWasRemoved() throws IOException {
        try (Child run = start()) {
            removeNames("orders.lock");
            try (Child second = Launcher.in(locks).run(List.of(), Launcher.server())) {
                assertThat(second.awaitExit()).as("%s", second).isEqualTo(75);
                assertThat(second.stderr()).contains("already running: pid " + run.pid(), "held, verified");
            }
            assertThat(locks.resolve("orders.lock")).exists();
            run.signal("TERM");
            assertThat(run.awaitExit()).isZero();
            assertThat(Launcher.in(locks).leftovers()).isEmpty();
        }
    }

    /** Two containers have one folder and two network namespaces: no abstract socket tells of the first in the second. */
    @Test
    void anotherNetworkNamespaceIsRefusedToo() throws IOException {
        assumeTrue(mayUnshare(), "needs root and unshare");
        try (Child run = start()) {
            removeNames("orders.lock");
            ProcessBuilder second = Launcher.in(locks)
                    .builder(
                            List.of("run", "--lock-dir", locks.toString(), "--name", "orders", "--", "echo", "second"));
            second.command().addAll(0, List.of("unshare", "--net"));
            try (Child refused = Child.start(second)) {
                assertThat(refused.awaitExit()).as("%s", refused).isEqualTo(75);
                assertThat(refused.stdout()).isEmpty();
            }
            run.signal("TERM");
            assertThat(run.awaitExit()).isZero();
        }
    }

    /** No launcher puts the name back then, and the second name has a stranger's beside it. */
    @Test
    void anotherNetworkNamespaceIsRefusedWhenTheFileWasMovedAway() throws IOException {
        assumeTrue(mayUnshare(), "needs root and unshare");
        try (Child run = start()) {
            run.signal("KILL");
            run.awaitExitWithoutOutput();
            Files.move(locks.resolve("orders.lock"), locks.resolve("moved"));
            for (List<String> elsewhere : List.of(List.of("unshare", "--net"), List.<String>of())) {
                ProcessBuilder second = Launcher.in(locks)
                        .builder(List.of(
                                "run", "--lock-dir", locks.toString(), "--name", "orders", "--", "echo", "second"));
                second.command().addAll(0, elsewhere);
                try (Child refused = Child.start(second)) {
                    assertThat(refused.awaitExit()).as("%s", refused).isEqualTo(75);
                    assertThat(refused.stdout()).isEmpty();
                    assertThat(refused.stderr()).contains("orphaned", "held, verified");
                }
            }
            assertThat(answer(0, "status")).contains("orphaned");
            try (Child forced = Launcher.in(locks).run(List.of("--force"), List.of("echo", "forced"))) {
                assertThat(forced.awaitExit()).as("%s", forced).isZero();
            }
            assertThat(locks.toFile().list()).containsExactly("moved");
        }
    }

    /** Another folder has the path then. */
    @Test
    void secondStartIsRefusedWhenTheFolderWasMovedAwayAndMadeAnew() throws IOException {
        Path folder = Files.createDirectory(locks.resolve("folder"));
        try (Child run = Launcher.in(folder).run(List.of(), Launcher.server())) {
            run.awaitServer();
            await().until(() -> Files.exists(folder.resolve("orders.sock"))); // its launcher watches by then
            Files.move(folder, locks.resolve("moved"));
            Files.createDirectory(folder);
            await().until(() -> Files.exists(folder.resolve(".orders.lock.held")));
            try (Child second = Launcher.in(folder).run(List.of(), List.of("echo", "second"))) {
                assertThat(second.awaitExit()).as("%s", second).isEqualTo(75);
                assertThat(second.stdout()).isEmpty();
                assertThat(second.stderr()).contains("already running: pid " + run.pid(), "held, verified");
            }
            run.signal("TERM");
            assertThat(run.awaitExit()).isZero();
            assertThat(Launcher.in(folder).leftovers()).isEmpty();
        }
    }

    /** The interlock does not reach there, and there is no launcher that would put a name back. */
    @Test
    void orphanInAnotherNetworkNamespaceIsFoundByTheSocketThatItsLauncherLeft() throws IOException {
        assumeTrue(mayUnshare(), "needs root and unshare");
        Path other = Files.createDirectory(locks.resolve("other"));
        ProcessBuilder elsewhere = Launcher.in(locks)
                .builder(Stream.concat(
                                Stream.of("run", "--lock-dir", locks.toString(), "--name", "orders"),
                                Stream.concat(Stream.of("--death-signal", "none", "--"), Launcher.server().stream()))
                        .toList());
        elsewhere.command().addAll(0, List.of("unshare", "--net"));
        try (Child run = Child.start(elsewhere)) {
            long server = run.awaitServer();
            await().until(() -> Files.exists(locks.resolve("orders.sock")));
            run.signal("KILL");
            run.awaitExitWithoutOutput();
            removeNames("orders.lock", ".orders.lock.held");
            try (Child second = Launcher.in(locks).run(List.of(), List.of("echo", "second"))) {
                assertThat(second.awaitExit()).as("%s", second).isEqualTo(75);
                assertThat(second.stdout()).isEmpty();
                assertThat(second.stderr()).contains("still running: pid " + server, "orphaned");
            }
            answer(0, "status");
            // One of the same name in another folder, where a socket is left, too, is no business of its.
            try (Child killed = Launcher.in(other).run(List.of("--death-signal", "KILL"), Launcher.server())) {
                killed.awaitServer();
                await().until(() -> Files.exists(other.resolve("orders.sock")));
                killed.signal("KILL");
                killed.awaitExit();
            }
            Files.deleteIfExists(other.resolve("orders.lock"));
            Files.deleteIfExists(other.resolve(".orders.lock.held"));
            assertThat(other.resolve("orders.sock")).exists();
            try (Child free = Launcher.in(other).run(List.of(), List.of("echo", "free"))) {
                assertThat(free.awaitExit()).as("%s", free).isZero();
            }
            try (Child forced = Launcher.in(locks).run(List.of("--force"), List.of("echo", "forced"))) {
                assertThat(forced.awaitExit()).as("%s", forced).isZero();
                assertThat(forced.stdout()).contains("forced");
            }
            assertThat(Processes.isAlive(server)).isFalse();
        }
    }

    private static boolean mayUnshare() {
        try (Child unshare = Child.start(new ProcessBuilder("unshare", "--net", "true"))) {
            return unshare.awaitExit() == 0;
        }
    }

    @Test
    void holderPutsTheNameBackWithinASecond() throws IOException {
        try (Child run = start()) {
            await().until(() -> Files.exists(locks.resolve("orders.sock"))); // from then on it watches
            for (int i = 0; i < 3; i++) {
                removeNames("orders.lock");
                await().until(() -> Files.exists(locks.resolve("orders.lock")));
            }
            removeNames(".orders.lock.held");
            await().until(() -> Files.exists(locks.resolve(".orders.lock.held")));
            run.awaitErr("put back");
            run.signal("TERM");
            assertThat(run.awaitExit()).isZero();
            assertThat(Launcher.in(locks).leftovers()).isEmpty();
        }
    }

    @Test
    void commandsFindAHolderWithoutItsName() throws IOException {
        try (Child run = start()) {
            removeNames("orders.lock");
            assertThat(answer(0, "status")).startsWith("orders: running, pid " + run.pid());
            removeNames(existing());
            assertThat(answer(0, "status")).startsWith("orders: running, pid " + run.pid());
            removeNames(existing());
            assertThat(answer(0, "restart")).startsWith("orders: restarted");
            removeNames(existing());
            assertThat(answer(0, "stop")).isEqualTo("orders: stopped\n");
            assertThat(run.endsWithin(Duration.ofSeconds(30))).isTrue();
            assertThat(Launcher.in(locks).leftovers()).isEmpty();
        }
    }

    private String[] existing() throws IOException {
        try (Stream<Path> files = Files.list(locks)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.contains("orders.lock"))
                    .toArray(String[]::new);
        }
    }

    @Test
    void statusWithoutANameListsAnInstanceThatHasLostItsName() throws IOException {
        try (Child run = start();
                Child status = statusAfterLoss()) {
            assertThat(status.awaitExit()).as("%s", status).isZero();
            assertThat(status.stdout()).containsOnlyOnce("orders: running, pid " + run.pid());
        }
    }

    /** Stopped, so that it cannot put them back. */
    @Test
    void statusWithoutANameListsAnInstanceThatHasLostBothOfItsNames() throws IOException {
        try (Child run = start()) {
            Processes.stop(run.pid());
            removeNames(existing());
            try (Child status = Launcher.in(locks).command(List.of("status", "--lock-dir", locks.toString()))) {
                assertThat(status.awaitExit()).as("%s", status).isZero();
                assertThat(status.stdout()).containsOnlyOnce("orders: running, pid " + run.pid());
            }
            run.signal("CONT");
        }
    }

    private Child statusAfterLoss() throws IOException {
        removeNames("orders.lock");
        return Launcher.in(locks).command(List.of("status", "--lock-dir", locks.toString()));
    }

    /** The server has inherited the locks of this very file, and not those of a new one. */
    @Test
    void launcherThatIsKilledAfterTheLossLeavesAnOrphanThatCanBeEnded() throws IOException {
        try (Child run = start()) {
            removeNames("orders.lock");
            Processes.signal(run.pid(), "KILL");
            run.awaitExitWithoutOutput();
            try (Child second = Launcher.in(locks).run(List.of(), Launcher.server())) {
                assertThat(second.awaitExit()).as("%s", second).isEqualTo(75);
                assertThat(second.stderr()).contains("orphaned");
            }
            try (Child forced = Launcher.in(locks).run(List.of("--force"), List.of("echo", "forced"))) {
                assertThat(forced.awaitExit()).as("%s", forced).isZero();
                assertThat(forced.stdout()).isEqualTo("forced\n");
            }
            assertThat(Launcher.in(locks).leftovers()).isEmpty();
        }
    }

    @Test
    void fileThatWasPutInItsPlaceDoesNotCount() throws IOException {
        try (Child run = start()) {
            // In one step: a name that is free for a moment only may be put back in it.
            Path other = Files.createFile(
                    locks.resolve("other"),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.move(other, locks.resolve("orders.lock"), StandardCopyOption.ATOMIC_MOVE);
            try (Child second = Launcher.in(locks).run(List.of(), Launcher.server())) {
                assertThat(second.awaitExit()).as("%s", second).isEqualTo(75);
                assertThat(second.stderr()).contains("pid " + run.pid());
            }
            assertThat(answer(0, "stop")).isEqualTo("orders: stopped\n");
            assertThat(Launcher.in(locks).leftovers()).isEmpty();
        }
    }

    /**
     * The table of sockets has names as they are: one with a newline in it looks like a line of its own, which names any
     * socket, or is none at all.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {"foo", "0000: 00000002 00000000 00000000 0002 01 INODE", "0000: 1 2 3 4 5 99999999999999999999"})
    void nameThatLooksLikeALineOfTheTableIsNobodysVeto(String line) throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")) && mayUnshare(), "needs root and setpriv");
        Files.setPosixFilePermissions(locks, PosixFilePermissions.fromString("rwx------"));
        String name = interlock();
        String any =
                "use Socket; $| = 1; socket(my $s, AF_UNIX, SOCK_DGRAM, 0); print +(stat $s)[1], \"\\n\"; sleep 1000";
        try (Child roots = Child.start(new ProcessBuilder("perl", "-e", any))) {
            String forged = line.replace("INODE", roots.awaitOut("(\\d+)"));
            try (Child planter = squat("x\n" + forged + " @" + name)) {
                planter.awaitServer();
                assertThat(answer(3, "status")).isEqualTo("orders: not running\n");
                assertThat(answer(0, "stop")).isEqualTo("orders: not running\n");
                try (Child squatter = squat(name);
                        Child run = afterSquatter(squatter)) {
                    assertThat(run.awaitExit()).as("%s", run).isZero();
                    assertThat(run.stderr()).contains("uid 65534", "passed over");
                }
            }
        }
    }

    private Child afterSquatter(Child squatter) {
        squatter.awaitServer();
        return Launcher.in(locks).run(List.of(), List.of("echo", "ran"));
    }

    private String interlock() throws IOException {
        return "holdfast:"
                + Long.toHexString(
                        FileStatus.ofTarget(locks.toString()).orElseThrow().device())
                + ":" + Long.toHexString((long) Files.getAttribute(locks, "unix:ino")) + ":orders.lock";
    }

    private static Child squat(String name) {
        return Child.start(new ProcessBuilder(
                "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "perl", "-e", BIND, name));
    }

    /** Only the interlock tells of it: what cannot be told is not "no". */
    @Test
    void holderWithoutANameThatCannotBeLookedIntoIsNotTakenForNone() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")) && mayUnshare(), "needs root and setpriv");
        Files.setPosixFilePermissions(locks, PosixFilePermissions.fromString("rwxrwxrwx"));
        // Holds the name as a launcher would that has lost its file, and as root's is not to be looked into.
        Launcher other = Launcher.in(locks).below("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
        try (Child holder = Child.start(new ProcessBuilder("perl", "-e", BIND, interlock()))) {
            holder.awaitServer();
            for (String verb : List.of("status", "stop", "restart", "reload")) {
                try (Child command = other.command(List.of(verb, "orders", "--lock-dir", locks.toString()))) {
                    assertThat(command.awaitExit()).as("%s", command).isEqualTo(verb.equals("status") ? 4 : 75);
                    assertThat(command.stdout() + command.stderr())
                            .contains("its lock file was removed or replaced", "cannot be looked into")
                            .doesNotContain("not running");
                }
            }
            try (Child all = other.command(List.of("status", "--lock-dir", locks.toString()))) {
                assertThat(all.awaitExit()).as("%s", all).isEqualTo(4);
                assertThat(all.stdout()).startsWith("orders: cannot be verified");
            }
            try (Child run = other.run(List.of(), List.of("echo", "ran"))) {
                assertThat(run.awaitExit()).as("%s", run).isEqualTo(75);
            }
            assertThat(holder.isAlive()).isTrue();
        }
    }

    /**
     * Anybody in the network namespace can have the name; in a folder that he may not write, it is nobody's veto. Many
     * systems let a user's own group write the user's folders.
     */
    @ParameterizedTest
    @ValueSource(strings = {"rwx------", "rwxrwxr-x"})
    void strangersInterlockIsPassedOver(String permissions) throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")) && mayUnshare(), "needs root and setpriv");
        Files.setPosixFilePermissions(locks, PosixFilePermissions.fromString(permissions));
        try (Child squatter = squat(interlock())) {
            squatter.awaitServer();
            try (Child run = Launcher.in(locks).run(List.of(), List.of("echo", "ran"))) {
                assertThat(run.awaitExit()).as("%s", run).isZero();
                assertThat(run.stdout()).isEqualTo("ran\n");
                assertThat(run.stderr()).contains("uid 65534", "passed over");
            }
            assertThat(squatter.isAlive()).isTrue();
        }
    }
}
