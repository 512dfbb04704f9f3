package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server's process is as it was asked for, the launcher's is as it was, and what cannot be is told before the lock. */
@Timeout(180)
class ProcessSettingsIT {
    private static final String NOBODY = "65534";

    @TempDir
    Path locks;

    @TempDir
    Path folder;

    /** Other users look into it. */
    @BeforeEach
    void openFolder() throws IOException {
        permissions(folder, "rwxr-xr-x");
        Files.setAttribute(locks, "unix:mode", 01777);
    }

    private static void permissions(Path file, String permissions) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private static boolean isRoot() {
        return Processes.statusLine(ProcessHandle.current().pid(), "Uid").startsWith("0\t0");
    }

    private Path write(String name, String permissions, String text) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        permissions(file, permissions);
        return file;
    }

    private void runs(List<String> options, List<String> command, String stdout) throws IOException {
        for (String handOff : List.of("supervise", "exec")) {
            List<String> all = new ArrayList<>(options);
            all.addAll(List.of("--handoff", handOff));
            try (Child run = Launcher.in(locks).run(all, command)) {
                assertThat(run.awaitExit()).as("%s %s", all, run).isZero();
                assertThat(run.stdout()).as("%s", all).isEqualTo(stdout);
                assertThat(run.stderr()).doesNotContain("holdfast:");
                // Nobody is left to do it after an exec
                Files.deleteIfExists(locks.resolve("orders.lock"));
                Files.deleteIfExists(locks.resolve(".orders.lock.held"));
            }
        }
    }

    private void refused(List<String> options, List<String> command, int code, String message) {
        refused(Launcher.in(locks), options, command, code, message);
    }

    private void refused(Launcher launcher, List<String> options, List<String> command, int code, String message) {
        try (Child run = launcher.run(options, command)) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(code);
            assertThat(run.stdout()).isEmpty();
            assertThat(run.stderr().split("\n")[0]).matches("holdfast: " + message);
            assertThat(run.stderr()).doesNotContain("s3cret", "Exception");
            assertThat(launcher.leftovers()).isEmpty();
        }
    }

    private static List<String> shell(String script) {
        return List.of("sh", "-c", script);
    }

    @Test
    void serverStartsInItsFolderWithItsUmask() throws IOException {
        runs(
                List.of("--cwd", folder.toString(), "--umask", "027"),
                shell("pwd; umask"),
                folder.toRealPath() + "\n0027\n");
        write("tool", "rwxr-xr-x", "#!/bin/sh\necho \"$0\"\n");
        runs(List.of("--cwd", folder.toString()), List.of("./tool"), "./tool\n");
        write("simple", "rwxr-xr-x", "echo simple\n");
        runs(List.of("--cwd=" + folder), List.of("./simple"), "simple\n");
    }

    @Test
    void launcherStaysWhereItWas() throws IOException {
        try (Child run = Launcher.in(locks)
                .run(
                        List.of("--cwd", "/", "--umask", "0", "--oom-score-adj", "500", "--nice", "7"),
                        Launcher.server())) {
            long server = run.awaitServer();
            assertThat(Files.readSymbolicLink(Path.of("/proc/" + server + "/cwd")))
                    .hasToString("/");
            assertThat(Files.readSymbolicLink(Path.of("/proc/" + run.pid() + "/cwd")))
                    .isEqualTo(Path.of("").toRealPath());
            long self = ProcessHandle.current().pid();
            assertThat(Processes.statusLine(run.pid(), "Umask")).isEqualTo(Processes.statusLine(self, "Umask"));
            assertThat(Processes.statusLine(server, "Umask")).isEqualTo("0000");
            assertThat(oomScore(run.pid())).isEqualTo(oomScore(self));
            assertThat(oomScore(server)).isEqualTo("500");
            assertThat(niceness(run.pid())).isEqualTo(niceness(self));
            assertThat(niceness(server)).isEqualTo("7");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(locks.resolve("orders.lock"))))
                    .isEqualTo("rw-------");
            run.signal("TERM");
            assertThat(run.awaitExit()).isZero();
            assertThat(Launcher.in(locks).leftovers()).isEmpty();
        }
    }

    private static String oomScore(long pid) throws IOException {
        return Files.readString(Path.of("/proc/" + pid + "/oom_score_adj")).trim();
    }

    private static String niceness(long pid) {
        return Processes.stat(pid).orElseThrow()[16];
    }

    @Test
    void folderThatCannotBeUsedIsRefused() throws IOException {
        refused(
                List.of("--cwd", folder + "/none"),
                List.of("true"),
                66,
                "cannot start the server in \".*/none\": no such .*");
        Path file = write("file", "rw-r--r--", "");
        refused(
                List.of("--cwd", file.toString()),
                List.of("true"),
                66,
                "cannot start the server in \".*/file\": not a .*");
        refused(List.of("--cwd", folder.toString()), List.of("./none"), 127, "command \"./none\" not found: .*");
    }

    @Test
    void environmentFilesBeatTheEnvironmentAndAreNotTold() throws IOException {
        Path one = write("one.env", "rw-------", "A=1\nB='s3cret x'\nHOLDFAST_NAME=wrong\nHOME=/h\n");
        Path two = write("two.env", "rw-------", "export A=2\nPATH=" + folder + ":/usr/bin:/bin\n");
        write("tool", "rwxr-xr-x", "#!/bin/sh\necho \"$A|$B|$HOLDFAST_NAME|$HOME\"\n");
        runs(
                List.of("--env-file", one.toString(), "--env-file=-/no/such", "--env-file", two.toString()),
                List.of("tool"),
                "2|s3cret x|orders|/h\n");
        try (Child run = Launcher.in(locks).run(List.of("-v", "--env-file", one.toString()), Launcher.server())) {
            run.awaitServer();
            assertThat(Files.readString(locks.resolve("orders.lock"))).doesNotContain("s3cret");
            run.signal("TERM");
            run.awaitExit();
            assertThat(run.stderr()).doesNotContain("s3cret");
        }
    }

    @Test
    void environmentFileThatCannotBeUsedIsRefused() throws IOException {
        refused(
                List.of("--env-file", folder + "/none"),
                List.of("true"),
                66,
                "cannot read the environment file \".*/none\": no such file or directory");
        Path bad = write("bad.env", "rw-------", "A=1\ns3cret\n");
        refused(
                List.of("--env-file", bad.toString()),
                List.of("true"),
                78,
                "environment file .*/bad.env:2 is not NAME=value");
        Path fifo = folder.resolve("fifo");
        try (Child made = Child.start(new ProcessBuilder("mkfifo", fifo.toString()))) {
            assertThat(made.awaitExit()).isZero();
        }
        refused(
                List.of("--env-file", fifo.toString()),
                List.of("true"),
                66,
                "cannot read the environment file \".*\": it is a FIFO");
    }

    @Test
    void impossibleNumbersAreUsageOrConfiguration() {
        refused(List.of("--nice", "20"), List.of("true"), 64, "--nice \"20\" must be .*");
        refused(List.of("--umask", "8"), List.of("true"), 64, "--umask \"8\" must be .*");
        refused(
                Launcher.in(locks).env("HOLDFAST_OOM_SCORE_ADJ", "s3cret"),
                List.of(),
                List.of("true"),
                78,
                "HOLDFAST_OOM_SCORE_ADJ must .*");
    }

    @Test
    void unknownUsersAreRefused() {
        refused(List.of("--user", "no-such-user"), List.of("true"), 67, "there is no user \"no-such-user\"");
        refused(List.of("--group", "no-such-group"), List.of("true"), 67, "there is no group \"no-such-group\"");
        refused(
                List.of("--user", "4242424"),
                List.of("true"),
                67,
                "user \"4242424\" is not in the user database.*--group");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody", NOBODY})
    void serverRunsAsAnotherUser(String user) throws IOException {
        assumeTrue(isRoot(), "needs root");
        String look = "id -u; id -g; id -G; echo \"$USER $LOGNAME $HOME\"; grep -E '^Cap(Prm|Eff)' /proc/self/status";
        String home = "";
        for (String line : Files.readAllLines(Path.of("/etc/passwd"))) {
            home = line.startsWith("nobody:") ? line.split(":")[5] : home;
        }
        String none = "CapPrm:\t0000000000000000\nCapEff:\t0000000000000000\n";
        runs(List.of("--user", user), shell(look), "65534\n65534\n65534\nnobody nobody " + home + "\n" + none);
        runs(List.of("--user", user, "--group", "4242"), shell("id -u; id -g"), "65534\n4242\n");
        runs(List.of("--user", "4243", "--group", "4242"), shell("id -u; id -G"), "4243\n4242\n");
        runs(List.of("--group", "4242"), shell("id -u; id -g"), "0\n4242\n");
        runs(List.of("--user", "root"), shell("id -u"), "0\n");
    }

    @Test
    void serverOfAnotherUserIsStoppedAndItsLockStaysTheLaunchers() throws IOException {
        assumeTrue(isRoot(), "needs root");
        // perl's script must be readable for it
        Path script = folder.resolve("server.pl");
        Files.copy(Launcher.resource("server.pl"), script);
        permissions(script, "rw-r--r--");
        Launcher launcher = Launcher.in(locks);
        try (Child run = launcher.run(List.of("--user", "nobody"), List.of("perl", script.toString()))) {
            long server = run.awaitServer();
            assertThat(Processes.statusLine(server, "Uid")).startsWith(NOBODY);
            assertThat(Processes.statusLine(run.pid(), "Uid")).startsWith("0\t0\t0\t0");
            assertThat(Files.getAttribute(locks.resolve("orders.lock"), "unix:uid"))
                    .isEqualTo(0);
            assertThat(launcher.statusJson("orders")).contains("\"verdict\":\"running\"");
            run.signal("TERM");
            assertThat(run.awaitExit()).isZero();
            assertThat(run.stdout()).contains("got TERM");
            assertThat(launcher.leftovers()).isEmpty();
        }
    }

    @Test
    void serverOfAnotherUserGetsTheDeathSignal() throws IOException {
        assumeTrue(isRoot(), "needs root");
        Path out = folder.resolve("out");
        Files.createFile(out);
        permissions(out, "rw-rw-rw-");
        try (Child run = Launcher.in(locks)
                .run(
                        List.of("--user", "nobody", "--umask", "0"),
                        shell("trap 'echo term >>" + out + "; exit' TERM; echo ready $$; while :; do sleep 1; done"))) {
            long server = run.awaitServer();
            // On a busy machine it may say so before the launcher has come to aim the signal, which the record follows.
            await().until(() -> Launcher.in(locks).statusJson("orders").contains(":" + server));
            Processes.signal(run.pid(), "KILL");
            Processes.awaitDeath(server);
            assertThat(out).hasContent("term");
        }
    }

    @Test
    void programIsLookedUpWithTheServersPermissions() throws IOException {
        assumeTrue(isRoot(), "needs root");
        Path mine = write("mine", "rwx------", "#!/bin/sh\necho mine\n");
        runs(List.of(), List.of(mine.toString()), "mine\n");
        refused(
                List.of("--user", "nobody"),
                List.of(mine.toString()),
                126,
                "command \".*/mine\" cannot be run: permission denied");
        Path closed = Files.createDirectory(folder.resolve("closed"));
        permissions(closed, "rwx------");
        refused(
                List.of("--user", "nobody", "--cwd", closed.toString()),
                List.of("true"),
                66,
                "cannot start the server in \".*/closed\": permission denied");
        refused(
                List.of("--user", "nobody"),
                List.of(write("orphan", "rwxr-xr-x", "#!/no/such\n").toString()),
                126,
                ".*the interpreter that it names is not there");
    }

    @Test
    void whatOnlyRootMayDoIsRefusedToOthers() throws IOException {
        assumeTrue(isRoot(), "needs root");
        unprivileged(
                List.of("--user", "root"),
                77,
                "holdfast: cannot run the server as user \"root\": operation not permitted; only root may do that\n");
        unprivileged(
                List.of("--nice=-5"),
                77,
                "holdfast: cannot set the server's niceness to -5: permission denied; only root may lower it\n");
        unprivileged(
                List.of("--oom-score-adj=-5"),
                77,
                "holdfast: cannot set the server's OOM score adjustment to -5: permission denied; only root may lower it\n");
        unprivileged(List.of("--user", "nobody", "--nice=3", "--oom-score-adj=5"), 0, "");
    }

    private void unprivileged(List<String> options, int code, String stderr) {
        List<String> words =
                new ArrayList<>(List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"));
        List<String> run = new ArrayList<>(List.of("run", "--lock-dir", locks.toString(), "-n", "orders"));
        run.addAll(options);
        run.addAll(List.of("--", "true"));
        ProcessBuilder builder = Launcher.in(locks).builder(run);
        words.addAll(builder.command());
        try (Child child = Child.start(builder.command(words))) {
            assertThat(child.awaitExit()).as("%s", child).isEqualTo(code);
            assertThat(child.stderr()).isEqualTo(stderr);
            assertThat(Launcher.in(locks).leftovers()).isEmpty();
        }
    }
}
