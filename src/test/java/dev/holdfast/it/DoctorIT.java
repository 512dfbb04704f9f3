package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.RecordedServer;
import dev.holdfast.text.ShellWord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code holdfast doctor} and {@code holdfast resolve}, on what killed launchers leave. */
@Timeout(180)
class DoctorIT {
    @TempDir
    Path locks;

    @TempDir
    Path home;

    private Launcher launcher() {
        return Launcher.in(locks).env("HOLDFAST_HOME", home.toString());
    }

    private String prints(int code, String... words) {
        List<String> line = new ArrayList<>(List.of(words));
        line.addAll(List.of("--lock-dir", locks.toString()));
        try (Child command = launcher().command(line)) {
            assertThat(command.awaitExit()).as("%s", command).isEqualTo(code);
            return command.stdout();
        }
    }

    /** Without those that are being written. */
    private int registered() {
        return Objects.requireNonNull(
                        home.resolve("instances").toFile().list((folder, name) -> name.startsWith("server_")))
                .length;
    }

    @Test
    void whatAKilledLauncherLeavesIsNamedAndCleared() throws IOException {
        Files.createDirectory(home.resolve("instances"));
        Files.writeString(home.resolve("instances/server_1-00000000.json"), "{}");
        RecordedServer server = new RecordedServer(home);
        try (Child run = launcher().run(List.of("--death-signal", "none"), server.command())) {
            server.awaitServer();
            launcher().awaitRecordedServer("orders");
            await().until(() -> registered() == 2);
            run.signal("KILL");
            run.awaitExit();
            assertThat(prints(1, "doctor"))
                    .contains("server_without_launcher", "--terminate-orphans", "corrupt_file", "2 warnings");
            assertThat(Files.readString(home.resolve("instances/corrupt/server_1-00000000.json")))
                    .isEqualTo("{}");
            assertThat(prints(1, "resolve", "orders", "--yes")).contains("stays");
            assertThat(prints(0, "resolve", "--terminate-orphans")).contains("would end", "nothing was done");
            assertThat(server.output()).doesNotContain("got TERM");
            assertThat(prints(0, "resolve", "--terminate-orphans", "--yes", "--json"))
                    .contains("\"orphans_terminated\":1", "Terminated the orphaned server of \\\"orders\\\"");
            assertThat(server.output()).contains("got TERM");
        }
        assertThat(locks.resolve("orders.lock")).doesNotExist();
        assertThat(prints(0, "doctor", "--json")).startsWith("{\"status\":\"healthy\"");
    }

    /** Whoever looks into an odd folder, by a registry that has nothing of it, gets command lines that a shell takes. */
    @ParameterizedTest
    @ValueSource(strings = {"do +(holdfast resolve .*), or .*", "do .*, or (holdfast stop .*)"})
    void commandsThatAreOfferedWorkAsTheyAre(String offer) throws IOException {
        Path odd = Files.createDirectory(locks.resolve("it's; an $odd one"));
        RecordedServer server = new RecordedServer(home);
        try (Child run = Launcher.in(odd).run(List.of("--death-signal", "none"), server.command())) {
            server.awaitServer();
            Launcher.in(odd).awaitRecordedServer("orders");
            run.signal("KILL");
            run.awaitExit();
            follow(odd, 1, offer);
            assertThat(server.output()).contains("got TERM");
        }
        assertThat(odd).isEmptyDirectory();
    }

    /** What is offered of a conflict, and of a lock file that a killed launcher has left. */
    @Test
    void commandsThatAreOfferedOfAConflictAndALeftLockWork() throws IOException {
        Path odd = Files.createDirectory(locks.resolve("it's; an $odd one"));
        List<String> options = List.of("--port=7", "--death-signal=KILL");
        List<String> server = List.of("sleep", "100");
        try (Child killed =
                Launcher.in(odd).env("HOLDFAST_HOME", home.toString()).run(options, server)) {
            await().until(() -> Files.isDirectory(home.resolve("instances")) && registered() == 1);
            List<String> second = List.of("--name=second", "--port=7");
            try (Child stopped =
                    Launcher.in(odd).env("HOLDFAST_HOME", home.toString()).run(second, server)) {
                await().until(() -> registered() == 2);
                follow(odd, 2, "do +Give each a --port of its own, or stop one: (holdfast stop .*)");
                assertThat(stopped.awaitExit()).as("%s", stopped).isEqualTo(143);
            }
            long its = Processes.children(killed.pid()).get(0);
            killed.signal("KILL");
            killed.awaitExit();
            Processes.awaitDeath(its);
        }
        follow(odd, 1, "do +nothing has to be done, .*; (holdfast resolve .* --yes) removes it");
        assertThat(odd.resolve("orders.lock")).doesNotExist();
        assertThat(registered()).isZero();
    }

    /** What the doctor says of the registry's folder: done by a shell, and there is nothing more to say. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "echo {} >instances/server_1-00000000.json | it is moved; look at it, and remove it: (rm .*)",
                "echo {} >instances/server_1-00000000.json; : >instances/corrupt | .*; remove it: (rm .*)",
                "chmod 777 instances | move it away, and the next start makes another one: (mv .*); or name .*",
                "mv instances other; ln -s other instances | move it away, .* another one: (mv .*); or name .*",
                "echo no-tracking = true >config.toml | (export .*=true)"
            })
    void commandsThatAreOfferedOfTheRegistryWork(String spoil, String offer) throws IOException {
        Files.createDirectory(home.resolve("instances"));
        shell("cd \"$HOLDFAST_HOME\" && " + spoil);
        shell(offered(locks, 1, "do +" + offer) + " && holdfast doctor --lock-dir " + locks);
    }

    @Test
    void commandThatIsOfferedOfADisabledRegistryWorks() {
        Launcher off = launcher().env("HOLDFAST_INSTANCE__TRACKING_ENABLED", "false");
        try (Child doctor = off.command(List.of("doctor", "--lock-dir", locks.toString()))) {
            assertThat(doctor.awaitExit()).as("%s", doctor).isEqualTo(1);
            shell(doctor.awaitOut("do +(export .*)") + " && holdfast doctor --lock-dir " + locks);
        }
    }

    /** Somebody has put a link at the path of a running instance's lock; and one has lost its lock for good. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rm orders.lock; ln -s /etc/passwd orders.lock | remove it: (rm .*); or choose .*",
                "rm orders.lock; mkdir orders.lock | remove it: (rm .*); or choose .*",
                "rm orders.lock; echo {} >orders.lock | a second one could be started; start it again after (kill [0-9]*)"
            })
    void commandsThatAreOfferedOfALostLockWork(String spoil, String offer) throws IOException {
        Path odd = Files.createDirectory(locks.resolve("it's; an $odd one"));
        try (Child run =
                Launcher.in(odd).env("HOLDFAST_HOME", home.toString()).run(List.of(), List.of("sleep", "100"))) {
            await().until(() -> Files.isDirectory(home.resolve("instances")) && registered() == 1);
            Processes.stop(run.pid()); // else it puts its lock file back
            shell("cd " + ShellWord.quoted(odd.toString()) + " && " + spoil);
            String command = offered(odd, 1, "do +" + offer);
            shell(command);
            run.signal("CONT");
            if (!command.startsWith("kill ")) {
                run.signal("TERM");
            }
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(143);
        }
        assertThat(odd).isEmptyDirectory();
        prints(0, "doctor");
    }

    /** Has a shell do what the doctor offers. */
    private void follow(Path odd, int code, String offer) {
        shell(offered(odd, code, offer));
    }

    private String offered(Path lockFolder, int code, String offer) {
        try (Child doctor = launcher().command(List.of("doctor", "--lock-dir", lockFolder.toString()))) {
            assertThat(doctor.awaitExit()).as("%s", doctor).isEqualTo(code);
            return doctor.awaitOut(offer);
        }
    }

    private void shell(String command) {
        ProcessBuilder shell = new ProcessBuilder("sh", "-c", command);
        shell.environment().put("HOLDFAST_HOME", home.toString());
        shell.environment().merge("PATH", Launcher.executable().getParent() + ":", (path, bin) -> bin + path);
        try (Child done = Child.start(shell)) {
            assertThat(done.awaitExit()).as("%s: %s", command, done).isZero();
        }
    }

    /** The document's test that a user can run. */
    @Test
    void selfTestHolds() {
        try (Child doctor = launcher().command(List.of("doctor", "--selftest"))) {
            assertThat(doctor.awaitExit()).as("%s", doctor).isZero();
            assertThat(doctor.stdout())
                    .contains("yes  a second start is refused")
                    .endsWith("all of it held\n");
        }
    }
}
