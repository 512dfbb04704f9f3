package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Processes that their own user cannot look into, since their program has more privileges than the user (capabilities of
 * the file), and a {@code /proc} that hides what cannot be looked into (hidepid=2). What cannot be told is never "no", and
 * whoever cannot be proved is never ended.
 */
@Timeout(180)
class UnseenProcessIT {
    private static final int USER = 54321;
    private static final int OTHER_USER = 54322;

    /** Starts a worker without the lock, as Node and Python do, and says its pid. */
    private static final String PARENT =
            "use POSIX; $| = 1; $SIG{TERM} = sub { exit 0 }; my $p = fork; if (!$p) { POSIX::close($_) for 3 .. 1100;"
                    + " exec @ARGV } print \"parent $$\\n\"; sleep 1 while 1";

    private static final String WORKER =
            "$| = 1; $SIG{TERM} = sub { print \"worker got TERM\\n\"; exit 0 }; print \"worker $$\\n\"; sleep 1 while 1";

    @TempDir
    Path folder;

    private Path locks;
    private Path privileged;
    /** A mount namespace to enter; 0 for none. */
    private long mounts;

    private @Nullable Child hider;

    @BeforeEach
    void makeAPrivilegedProgram() throws IOException {
        Programs.require("setcap");
        Programs.require("setpriv");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        locks = Files.createDirectory(folder.resolve("locks"));
        try (Child chown = tool("chown", Integer.toString(USER), locks.toString())) {
            assumeTrue(chown.awaitExit() == 0, "needs root");
        }
        privileged = folder.resolve("perl");
        Files.copy(Path.of("/usr/bin/perl"), privileged, StandardCopyOption.REPLACE_EXISTING);
        try (Child setcap = tool("setcap", "cap_net_bind_service+ep", privileged.toString());
                Child test =
                        as(USER, privileged.toString(), "-ne", "exit 1 if /^CapEff:\\s+0+$/", "/proc/self/status")) {
            assumeTrue(setcap.awaitExit() == 0, "needs file capabilities");
            assumeTrue(test.awaitExit() == 0, "needs a folder whose programs may have capabilities (no nosuid)");
        }
        String launcher = Launcher.executable().toString();
        try (Child test = as(USER, "test", "-x", launcher, "-a", "-r", launcher)) {
            assumeTrue(test.awaitExit() == 0, "needs an application that other users can reach");
        }
    }

    private static Child tool(String... words) {
        Child child = Child.start(new ProcessBuilder(words));
        child.awaitExit();
        return child;
    }

    private Child as(int user, String... words) {
        return as(user, new ProcessBuilder(words));
    }

    private Child as(int user, ProcessBuilder builder) {
        List<String> all = new ArrayList<>();
        if (mounts != 0) {
            // Each in a network namespace of its own, too: no interlock tells of a holder, either.
            all.addAll(List.of("nsenter", "--mount=/proc/" + mounts + "/ns/mnt", "unshare", "--net"));
        }
        all.addAll(List.of("setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups"));
        all.addAll(builder.command());
        return Child.start(builder.command(all));
    }

    private Child holdfast(int user, String... words) {
        return as(user, Launcher.in(locks).builder(List.of(words)));
    }

    private Child command(String word) {
        return holdfast(USER, word, "orders", "--lock-dir", locks.toString());
    }

    private Child run(List<String> options, List<String> server) {
        List<String> words = new ArrayList<>(List.of("run", "--lock-dir", locks.toString(), "--name", "orders"));
        words.addAll(options);
        words.add("--");
        words.addAll(server);
        return holdfast(USER, words.toArray(String[]::new));
    }

    private List<String> server(String... arguments) {
        List<String> words = new ArrayList<>(
                List.of(privileged.toString(), Launcher.resource("server.pl").toString()));
        Collections.addAll(words, arguments);
        return words;
    }

    /** Makes a mount namespace with a {@code /proc} of its own, which hides what its reader may not look into. */
    private void hideProcesses(boolean isWanted) {
        if (!isWanted) {
            return;
        }
        Programs.require("nsenter");
        Child child = Child.start(new ProcessBuilder(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount -t proc -o hidepid=2 proc /proc && echo mounted; exec sleep 1000"));
        hider = child;
        await().until(() -> child.stdout().contains("mounted")
                || !child.isAlive()
                || !child.stderr().isEmpty());
        assumeTrue(child.stdout().contains("mounted"), "needs hidepid");
        mounts = child.pid();
    }

    @AfterEach
    void endHider() {
        if (hider != null) {
            hider.close();
        }
    }

    private void assertRefused(String text, String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        try (Child second = run(all, List.of("echo", "ran"))) {
            assertThat(second.awaitExit()).as("%s", second).isEqualTo(75);
            assertThat(second.stderr()).contains(text);
            assertThat(second.stdout()).isEmpty();
        }
    }

    private void assertNextStartRuns() {
        try (Child next = run(List.of(), List.of("echo", "ran"))) {
            assertThat(next.awaitExit()).as("%s", next).isZero();
            assertThat(next.stdout()).isEqualTo("ran\n");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void privilegedServerAfterAnExecIsProvedByTheKernelsListOfLocks(boolean isHidden) {
        hideProcesses(isHidden);
        try (Child run = run(List.of("--handoff", "exec"), server())) {
            long server = run.awaitServer();
            try (Child status = command("status")) {
                assertThat(status.awaitExit()).as("%s", status).isZero();
                assertThat(status.stdout()).startsWith("orders: running, pid " + server);
            }
            assertRefused("pid " + server + ",");
            try (Child stop = command("stop")) {
                assertThat(stop.awaitExit()).as("%s", stop).isZero();
            }
            run.awaitExit();
            assertThat(run.stdout()).contains("got TERM");
            assertNextStartRuns();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void forcedStartTakesOverFromAPrivilegedServer(boolean isHidden) {
        hideProcesses(isHidden);
        try (Child run = run(List.of("--handoff", "exec"), server())) {
            run.awaitServer();
            try (Child forced = run(List.of("--force"), List.of("echo", "ran"))) {
                assertThat(forced.awaitExit()).as("%s", forced).isZero();
                assertThat(forced.stdout()).isEqualTo("ran\n");
            }
            run.awaitExit();
            assertThat(run.stdout()).contains("got TERM");
        }
    }

    /** Whoever may write the file may write anybody's pid into it. */
    @Test
    void listIsNoProofWhereOthersMayHaveWrittenTheRecord() throws IOException {
        try (Child run = run(List.of("--handoff", "exec"), server())) {
            long server = run.awaitServer();
            Files.setPosixFilePermissions(locks.resolve("orders.lock"), PosixFilePermissions.fromString("rw-rw-rw-"));
            assertNotProvedAndNotEnded(server);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void privilegedServerThatOutlivedItsLauncherIsNamedAndNotEnded(boolean isHidden) throws IOException {
        hideProcesses(isHidden);
        try (Child run = run(List.of("--death-signal", "none"), server())) {
            long server = run.awaitServer();
            Launcher.in(locks).awaitRecordedServer("orders");
            run.noteTree();
            run.signal("KILL");
            run.awaitExitWithoutOutput();
            assertNotProvedAndNotEnded(server);
            Processes.signal(server, "KILL");
            Processes.awaitDeath(server);
            assertNextStartRuns();
        }
    }

    private void assertNotProvedAndNotEnded(long server) {
        String reason = "cannot look into process " + server + " of \"orders\": "
                + (mounts == 0 ? "permission denied" : "/proc does not show it (mount option hidepid)");
        try (Child status = command("status")) {
            assertThat(status.awaitExit()).as("%s", status).isEqualTo(4);
            assertThat(status.stdout()).contains("orders: cannot be verified", reason);
        }
        assertRefused(reason);
        assertRefused(reason, "--force");
        try (Child stop = command("stop")) {
            assertThat(stop.awaitExit()).as("%s", stop).isEqualTo(75);
            assertThat(stop.stderr()).contains(reason, "stop it    kill -TERM " + server);
        }
        assertThat(Processes.isAlive(server)).isTrue();
    }

    /** A second server beside it would be one too many. */
    @Test
    void hiddenWorkerWithoutTheLockIsNotNothing() throws IOException {
        List<String> parent = List.of("perl", "-e", PARENT, privileged.toString(), "-e", WORKER);
        hideProcesses(true);
        try (Child run = run(List.of("--death-signal", "none"), parent)) {
            long server = Long.parseLong(run.awaitOut("parent (\\d+)"));
            long worker = Long.parseLong(run.awaitOut("worker (\\d+)"));
            Launcher.in(locks).awaitRecordedServer("orders");
            run.noteTree();
            run.signal("KILL");
            run.awaitExitWithoutOutput();
            Processes.signal(server, "KILL");
            Processes.awaitDeath(server);
            String reason = "cannot look into process " + worker + ": /proc does not show it";
            try (Child status = command("status")) {
                assertThat(status.awaitExit()).as("%s", status).isEqualTo(4);
                assertThat(status.stdout()).contains("pid " + worker);
            }
            assertRefused("has started are still running: pid " + worker);
            assertRefused(reason, "--force");
            try (Child stop = command("stop")) {
                assertThat(stop.awaitExit()).as("%s", stop).isEqualTo(75);
                assertThat(stop.stderr()).contains(reason);
            }
            assertThat(Processes.isAlive(worker)).isTrue();
            Processes.signal(worker, "KILL");
            Processes.awaitDeath(worker);
            assertNextStartRuns();
        }
    }

    @Test
    void hiddenServerWithoutTheLockIsNotNothing() throws IOException {
        hideProcesses(true);
        try (Child run = run(List.of("--death-signal", "none"), server("close"))) {
            long server = run.awaitServer();
            Launcher.in(locks).awaitRecordedServer("orders");
            run.noteTree();
            run.signal("KILL");
            run.awaitExitWithoutOutput();
            Files.setPosixFilePermissions(locks.resolve("orders.lock"), PosixFilePermissions.fromString("rw-r--r--"));
            for (int user : new int[] {USER, OTHER_USER}) {
                try (Child status = holdfast(user, "status", "orders", "--lock-dir", locks.toString())) {
                    assertThat(status.awaitExit()).as("%s", status).isEqualTo(4);
                }
            }
            assertRefused("the server of \"orders\" is still running: pid " + server);
            assertRefused("cannot look into process " + server, "--force");
            try (Child stop = command("stop")) {
                assertThat(stop.awaitExit()).as("%s", stop).isEqualTo(75);
                assertThat(stop.stderr()).contains("cannot look into process " + server);
            }
            assertThat(Processes.isAlive(server)).isTrue();
        }
    }

    @Test
    void launcherEndsWhatItCannotSee() {
        List<String> parent = List.of("perl", "-e", PARENT, privileged.toString(), "-e", WORKER);
        hideProcesses(true);
        try (Child run = run(List.of("--grace", "5m"), parent)) {
            long worker = Long.parseLong(run.awaitOut("worker (\\d+)"));
            run.awaitOut("parent (\\d+)");
            run.signal("TERM");
            assertThat(run.awaitExit(Duration.ofMinutes(2))).as("%s", run).isZero();
            assertThat(run.stdout()).contains("worker got TERM");
            assertThat(Processes.isAlive(worker)).isFalse();
        }
    }

    /** It would die of HUP, or not: nobody can tell. */
    @Test
    void hiddenServerGetsNoHup() {
        hideProcesses(true);
        try (Child run = run(List.of("--handoff", "exec"), server())) {
            run.awaitServer();
            try (Child reload = command("reload")) {
                assertThat(reload.awaitExit()).as("%s", reload).isEqualTo(75);
                assertThat(reload.stderr()).contains("it cannot be told what the server does at SIGHUP");
            }
            assertThat(run.stdout()).doesNotContain("got HUP");
        }
    }

    @Test
    void instancesOfOneselfAreSeenAndThoseOfOthersAreNotTakenForNone() throws IOException {
        List<String> open = List.of("perl", Launcher.resource("server.pl").toString());
        hideProcesses(true);
        try (Child run = run(List.of(), open)) {
            run.awaitServer();
            Launcher.in(locks).awaitRecordedServer("orders");
            try (Child status = command("status")) {
                assertThat(status.awaitExit()).as("%s", status).isZero();
                assertThat(status.stdout()).startsWith("orders: running, pid " + run.pid());
            }
            assertRefused("pid " + run.pid() + ",");
            for (String mode : List.of("rw-------", "rw-r--r--")) {
                Files.setPosixFilePermissions(locks.resolve("orders.lock"), PosixFilePermissions.fromString(mode));
                assertOthersCode(4, "status", "orders", "--lock-dir", locks.toString());
                assertOthersCode(4, "status", "--lock-dir", locks.toString());
                assertOthersCode(77, "stop", "orders", "--lock-dir", locks.toString());
                assertOthersCode(
                        77, "run", "--lock-dir", locks.toString(), "--name", "orders", "--force", "--", "echo", "ran");
            }
            try (Child stop = command("stop")) {
                assertThat(stop.awaitExit()).as("%s", stop).isZero();
            }
            run.awaitExit();
            assertThat(run.stdout()).contains("got TERM");
        }
    }

    private void assertOthersCode(int code, String... words) {
        try (Child child = holdfast(OTHER_USER, words)) {
            assertThat(child.awaitExit()).as("%s: %s", List.of(words), child).isEqualTo(code);
        }
    }
}
