package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.posix.processes.Self;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Signals that the kernel refuses: to a server of another user, and behind seccomp filters. The refusal is named, another
 * way is taken where there is one, and nobody ends a launcher whose server cannot be ended.
 */
@Timeout(180)
class RefusedSignalIT {
    private static final String NOBODY = "65534";
    private static final String[] WITHOUT_CAP_KILL = {"setpriv", "--bounding-set", "-kill"};
    private static final String[] AS_NOBODY = {"setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"};
    private static final List<String> SLEEPER = List.of("sh", "-c", "echo up $$; exec sleep 100");

    @TempDir
    Path locks;

    // Another user's server

    @Test
    void rootWithoutTheRightToKillSaysSoAndStaysWithItsServer() {
        assumeTrue(Self.effectiveUser() == 0, "needs root");
        Launcher launcher = Launcher.in(locks).below(WITHOUT_CAP_KILL);
        try (Child run = launcher.run(List.of("--user", NOBODY, "--group", NOBODY, "--grace", "300ms"), SLEEPER)) {
            long server = Long.parseLong(run.awaitOut("up (\\d+)"));
            run.awaitErr("cannot stop \"orders\": process " + server
                    + " runs as user 65534, and user 0 may not signal it" + " without the capability CAP_KILL");
            run.signal("TERM");
            run.awaitErr("cannot send SIGTERM to \"orders\": process " + server + " runs as user 65534");
            refusesToEnd(launcher, List.of("stop", "orders", "--lock-dir", locks.toString()), "CAP_KILL");
            refusesToEnd(launcher, forced(), "CAP_KILL");
            assertThat(run.isAlive()).isTrue();
            assertThat(Processes.isAlive(server)).isTrue();
            // What ends it ends the launcher, too: it was told to stop, and does not start it again.
            Processes.signal(server, "KILL");
            assertThat(run.awaitExit()).isEqualTo(137);
            assertThat(launcher.leftovers()).isEmpty();
        }
    }

    @Test
    void whoMayKillStopsWhatTheLauncherCannot() {
        assumeTrue(Self.effectiveUser() == 0, "needs root");
        Launcher launcher = Launcher.in(locks).below(WITHOUT_CAP_KILL);
        try (Child run = launcher.run(List.of("--user", NOBODY, "--group", NOBODY, "--grace", "300ms"), SLEEPER)) {
            long server = Long.parseLong(run.awaitOut("up (\\d+)"));
            try (Child stop = Launcher.in(locks).command(List.of("stop", "orders", "--lock-dir", locks.toString()))) {
                assertThat(stop.awaitExit()).as(stop.stderr()).isZero();
            }
            assertThat(Processes.isAlive(server)).isFalse();
            assertThat(run.awaitExit()).isEqualTo(137);
        }
    }

    /** The kernel ends a pid namespace with its first process, so there the end is in reach. */
    @Test
    void firstProcessOfAContainerEndsAfterTheGrace() {
        assumeTrue(Self.effectiveUser() == 0, "needs root");
        Launcher launcher = Launcher.in(locks)
                .below("unshare", "--pid", "--fork", "--mount-proc")
                .below(WITHOUT_CAP_KILL);
        try (Child box = launcher.run(List.of("--user", NOBODY, "--group", NOBODY, "--grace", "300ms"), SLEEPER)) {
            box.awaitOut("up");
            box.noteTree();
            long pidOne = Processes.children(box.pid()).get(0);
            Processes.signal(pidOne, "TERM");
            box.awaitExit();
            assertThat(box.stderr()).contains("cannot send SIGTERM").contains("CAP_KILL");
        }
    }

    @Test
    void usersLauncherStaysWithAServerThatHasBecomeRoot() throws IOException {
        assumeTrue(Self.effectiveUser() == 0, "needs root");
        Path folder = Files.createDirectory(locks.resolve("mine"));
        Files.setPosixFilePermissions(locks, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        List<String> server = List.of(
                setUserIdRoot().toString(),
                "--reuid",
                "0",
                "--regid",
                "0",
                "--clear-groups",
                "sh",
                "-c",
                "echo up $$; exec sleep 100");
        Launcher launcher = Launcher.in(folder).below(AS_NOBODY);
        try (Child run = launcher.run(List.of("--grace", "300ms"), server)) {
            long pid = Long.parseLong(run.awaitOut("up (\\d+)"));
            run.signal("TERM");
            run.awaitErr("cannot send SIGTERM to \"orders\": process " + pid
                    + " runs as user 0, and user 65534 may not signal it");
            List<String> stop = List.of("stop", "orders", "--lock-dir", folder.toString());
            refusesToEnd(launcher, stop, "runs as user 0");
            List<String> restart = List.of("restart", "orders", "--lock-dir", folder.toString());
            assertThat(refusal(launcher, restart)).contains("its launcher may not signal its server");
            List<String> forced = new ArrayList<>(forced());
            forced.set(forced.indexOf(locks.toString()), folder.toString());
            refusesToEnd(launcher, forced, "runs as user 0");
            assertThat(run.isAlive()).isTrue();
            run.signal("KILL");
            run.awaitExitWithoutOutput();
            // Nobody is there to be asked any more.
            assertThat(refusal(launcher, stop)).contains("already running", "kill -TERM " + pid + "      as root");
            assertThat(refusal(launcher, forced)).contains("already running", "as root");
            assertThat(Processes.isAlive(pid)).isTrue();
        }
    }

    private static void refusesToEnd(Launcher launcher, List<String> words, String why) {
        // And no advice to do what has just failed.
        assertThat(refusal(launcher, words))
                .contains("not ended  ", why, "look       holdfast status")
                .doesNotContain("holdfast stop", "FORCE_TERMINATE");
    }

    private static String refusal(Launcher launcher, List<String> words) {
        try (Child child = launcher.command(words)) {
            assertThat(child.awaitExit()).as(child.toString()).isEqualTo(75);
            return child.stderr();
        }
    }

    private List<String> forced() {
        return List.of("run", "--name", "orders", "--lock-dir", locks.toString(), "--force", "--", "true");
    }

    private Path setUserIdRoot() throws IOException {
        Path copy = locks.resolve("become");
        Files.copy(program("setpriv"), copy, StandardCopyOption.REPLACE_EXISTING);
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (Child chmod = Child.start(new ProcessBuilder("chmod", "u+s", copy.toString()))) {
            assertThat(chmod.awaitExit()).isZero();
        }
        return copy;
    }

    private static Path program(String name) {
        return List.of("/usr/bin", "/bin").stream()
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void explainNamesTheMissingCapability() {
        assumeTrue(Self.effectiveUser() == 0, "needs root");
        List<String> words = List.of("run", "--explain", "--user", NOBODY, "--group", NOBODY, "--", "true");
        try (Child with = Launcher.in(locks).command(words);
                Child without = Launcher.in(locks).below(WITHOUT_CAP_KILL).command(words)) {
            assertThat(with.awaitExit()).as(with.toString()).isZero();
            assertThat(without.awaitExit()).as(without.toString()).isZero();
            assertThat(with.stdout() + with.stderr()).doesNotContain("CAP_KILL");
            assertThat(without.stdout() + without.stderr()).contains("root lacks the capability CAP_KILL");
        }
    }

    // Behind a seccomp filter

    private Launcher refused(String calls) {
        return Launcher.in(locks).below("perl", Launcher.resource("refuse.pl").toString(), calls);
    }

    @ParameterizedTest
    @ValueSource(strings = {"kill", "pidfd_send_signal"})
    void stopGoesTheOtherWay(String call) {
        try (Child run = refused(call).run(List.of(), SLEEPER)) {
            long server = Long.parseLong(run.awaitOut("up (\\d+)"));
            run.signal("TERM");
            assertThat(run.awaitExit()).as(run.toString()).isEqualTo(143);
            assertThat(run.stderr()).doesNotContain("cannot send");
            assertThat(Processes.isAlive(server)).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"kill", "pidfd_send_signal"})
    void deafTreeIsKilledTheOtherWay(String call) {
        List<String> deaf =
                List.of("sh", "-c", "trap '' TERM; (sh -c 'trap \"\" TERM; sleep 100' & wait) & echo up; wait; wait");
        try (Child run = refused(call).run(List.of("--grace", "300ms"), deaf)) {
            run.awaitOut("up");
            List<Long> tree = Processes.descendants(run.pid());
            run.signal("TERM");
            assertThat(run.awaitExit()).as(run.toString()).isEqualTo(137);
            assertThat(tree).noneMatch(Processes::isAlive);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"kill", "pidfd_send_signal"})
    void groupIsToldTheOtherWay(String call) {
        List<String> two = List.of(
                "sh",
                "-c",
                "trap 'echo server' USR1; sh -c 'trap \"echo worker; exit\" USR1; echo up; sleep 100 & wait' & "
                        + "wait; wait; sleep 100 & wait");
        try (Child run = refused(call).run(List.of("--forward", "group"), two)) {
            run.awaitOut("up");
            run.signal("USR1");
            run.awaitOut("worker");
            run.awaitOut("server");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"kill", "pidfd_send_signal"})
    void stopRestartAndTakeoverGoTheOtherWay(String call) {
        try (Child run = Launcher.in(locks).run(List.of(), SLEEPER)) {
            String first = run.awaitOut("up (\\d+)");
            List<String> where = List.of("orders", "--lock-dir", locks.toString());
            try (Child restart = refused(call).command(words("restart", where))) {
                assertThat(restart.awaitExit()).as(restart.toString()).isZero();
            }
            await().until(() -> run.stdout().lines().count() == 2);
            assertThat(run.stdout().lines().skip(1).findFirst().orElseThrow()).isNotEqualTo("up " + first);
            try (Child second = refused(call).run(List.of("--force"), SLEEPER)) {
                second.awaitOut("up");
                assertThat(run.awaitExit()).isEqualTo(143);
                try (Child stop = refused(call).command(words("stop", where))) {
                    assertThat(stop.awaitExit()).as(stop.toString()).isZero();
                }
                assertThat(second.awaitExit()).isEqualTo(143);
            }
        }
    }

    private static List<String> words(String command, List<String> rest) {
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(rest);
        return words;
    }

    @Test
    void whereBothWaysAreRefusedItIsSaidAndTheLauncherStays() {
        try (Child run = refused("kill,pidfd_send_signal").run(List.of("--grace", "300ms"), SLEEPER)) {
            long server = Long.parseLong(run.awaitOut("up (\\d+)"));
            run.signal("TERM");
            run.awaitErr("cannot send SIGTERM to \"orders\": process " + server
                    + " runs as user \\d+ as this one does, and yet may not be signalled: a seccomp filter");
            try (Child stop = Launcher.in(locks).command(List.of("stop", "orders", "--lock-dir", locks.toString()))) {
                assertThat(stop.awaitExit()).as(stop.toString()).isZero();
            }
            assertThat(run.awaitExit()).isEqualTo(137);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"kill", "pidfd_send_signal"})
    void lockPassesSignalsOnTheOtherWay(String call) {
        try (Child lock = refused(call)
                .command(List.of(
                        "lock",
                        locks.resolve("file").toString(),
                        "--",
                        "sh",
                        "-c",
                        "trap 'exit 7' TERM; echo up; sleep 100 & wait"))) {
            lock.awaitOut("up");
            lock.signal("TERM");
            assertThat(lock.awaitExit()).as(lock.toString()).isEqualTo(7);
        }
    }
}
