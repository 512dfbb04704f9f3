package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Box;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.EmbeddedServer;
import dev.holdfast.testkit.FirstVersionSocket;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code holdfast redeploy}: a good version takes the place of the old one, and a bad one never leaves nobody. */
@Timeout(180)
class RedeployIT extends ReplacedServer {
    @Override
    List<String> usualOptions() {
        return List.of();
    }

    /** Each new version, what its redeploy ends with and says, and which version serves then. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            good          | trap 'exit 0' TERM; echo >&7; exec 7>&-; while :; do sleep 0.05; done | 60s   | 100ms | 0  | 2 | orders: redeployed, server pid \\d+ in place of \\d+, version 2 in place of 1; nobody served for \\d+m?s
            exits at once | exit 3                                                  | 60s   | 100ms | 69 | 1 | it ended with exit code 3 before it was ready
            never ready   | trap 'exit 0' TERM; while :; do sleep 0.05; done        | 500ms | 100ms | 69 | 1 | it was not ready in time: no newline came on its descriptor 7
            dies soon     | echo >&7; exec 7>&-; while ! test -e DIE; do sleep 0.02; done; exit 4 | 60s | 1m | 69 | 1 | it ended with exit code 4, \\d+m?s after it was ready
            ignores TERM  | trap '' TERM; while :; do sleep 0.05; done              | 500ms | 100ms | 69 | 1 | it was not ready in time: no newline came on its descriptor 7
            full disk     | if ! echo data >/dev/full; then exit 5; fi; echo >&7    | 60s   | 100ms | 69 | 1 | it ended with exit code 5 before it was ready
            """)
    void eachNewVersionLeavesOneThatServes(
            String what, String script, String readyTimeout, String settle, int code, String version, String says)
            throws IOException {
        started(List.of(), GOOD);
        long launcher = number("pid");
        long old = number("serverPid");
        List<String> options =
                List.of("--app-version", "2", "--ready-timeout", readyTimeout, "--settle", settle, "--grace", "1s");
        Path die = folder.resolve("die");
        try (Child redeploy = redeploy(options, "sh", "-c", script.replace("DIE", die.toString()), "new")) {
            if (what.startsWith("dies")) {
                await().untilAsserted(() -> assertThat(status()).contains("\"version\":\"2\"", "\"state\":\"ready\""));
                Files.createFile(die);
            }
            assertThat(redeploy.awaitExit()).as("%s", redeploy).isEqualTo(code);
            assertThat(redeploy.stdout() + redeploy.stderr()).containsPattern(says);
            if (code != 0) {
                assertThat(redeploy.stderr())
                        .startsWith("holdfast: the new version of \"orders\" does not serve: ")
                        .containsPattern("\n  serves     the old command again, server pid " + number("serverPid")
                                + " in place of " + old + ", version 1\n")
                        .containsPattern("\n  nobody     served for \\d+m?s\n")
                        .contains("\n  look       holdfast logs ");
            }
        }
        assertThat(status()).contains("\"version\":\"" + version + "\"", "\"state\":\"ready\"", "\"pid\":" + launcher);
        assertThat(Processes.isAlive(old)).isFalse();
        assertThat(Processes.isAlive(number("serverPid"))).isTrue();
    }

    /** One after the other at one instance. */
    @Test
    void whatFailsAChecksStopsNothing() {
        started(List.of(), GOOD);
        long old = number("serverPid");
        refused(List.of(), "/no/such/file", 127, "command \"/no/such/file\" not found");
        refused(List.of("--cwd=/no/such/folder"), "sleep", 66, "/no/such/folder");
        refused(List.of("--check=exit 4"), "sleep", 69, "the command of --check failed with exit code 4");
        refused(List.of("--env-file=/no/such"), "sleep", 66, "/no/such");
        refused(List.of("--output=x"), "sleep", 64, "--output cannot be changed by a redeploy");
        refused(List.of("--name=other"), "sleep", 64, "the name of an instance cannot be changed");
        assertThat(Processes.isAlive(old)).isTrue();
    }

    private void refused(List<String> options, String program, int code, String says) {
        String before = status();
        try (Child redeploy = redeploy(options, program, "100")) {
            assertThat(redeploy.awaitExit()).as("%s", redeploy).isEqualTo(code);
            assertThat(redeploy.stderr()).contains(says);
        }
        assertThat(status()).as(says).isEqualTo(before);
    }

    @Test
    void sameAgainIsNothingToDoAndTheWayBackIsOneCommand() {
        started(List.of(), GOOD);
        long first = number("serverPid");
        try (Child same = redeploy(List.of(), "sh", "-c", GOOD, "old")) {
            assertThat(same.awaitExit()).as("%s", same).isZero();
            assertThat(same.stdout()).contains("already running, server pid " + first + ", the same command");
        }
        try (Child dry = redeploy(List.of("--dry-run", "--check", "test $0 = sh"), "sh", "-c", GOOD, "new")) {
            assertThat(dry.awaitExit()).as("%s", dry).isZero();
            assertThat(dry.stdout()).isEqualTo("orders: all checks passed; nothing was changed\n");
        }
        try (Child none = command("rollback", List.of("orders"))) {
            assertThat(none.awaitExit()).as("%s", none).isEqualTo(69);
            assertThat(none.stderr()).contains("no other command has served under this launcher");
        }
        assertThat(number("serverPid")).isEqualTo(first);
        List<String> options = List.of("--app-version", "2", "--settle", "100ms");
        try (Child second = redeploy(options, "sh", "-c", GOOD, "new")) {
            assertThat(second.awaitExit()).as("%s", second).isZero();
        }
        for (String version : List.of("1", "2")) {
            try (Child back = command("rollback", List.of("orders", "--settle", "100ms"))) {
                assertThat(back.awaitExit()).as("%s", back).isZero();
                assertThat(back.stdout()).contains("orders: rolled back, server pid " + number("serverPid"));
            }
            assertThat(status()).contains("\"version\":\"" + version + "\"");
        }
    }

    /** The launcher is killed after a redeploy: the command before that one is known still, and its environment is not. */
    @Test
    void rollbackAfterTheLaunchersDeathStartsTheLastGoodCommand() throws IOException {
        String script = "env >" + folder.resolve("env") + "; pwd >" + folder.resolve("pwd") + "; " + GOOD;
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        started(List.of("--restart-delay", "123ms"), GOOD);
        List<String> second = List.of("--app-version", "2", "--settle", "0s", "--cwd", elsewhere.toString());
        try (Child redeploy = redeploy(second, "sh", "-c", script, "sec ond")) {
            assertThat(redeploy.awaitExit()).as("%s", redeploy).isZero();
        }
        Path run = folder.resolve("home/run");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(run)))
                .isEqualTo("rwx------");
        try (var files = Files.list(run)) {
            Path file = files.findFirst().orElseThrow();
            assertThat(file.getFileName().toString()).startsWith("orders-").endsWith(".commands");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(Files.readString(file)).contains("sec ond").doesNotContain("HOLDFAST_HOME");
        }
        for (String version : List.of("1", "2")) {
            long launcher = number("pid");
            long server = number("serverPid");
            Processes.signal(launcher, "KILL");
            Processes.awaitDeath(launcher);
            Processes.awaitDeath(server);
            Launcher caller = launcher().env("COLOUR", "red");
            try (Child back = command(caller, "rollback", List.of("orders"))) {
                assertThat(back.awaitExit()).as("%s", back).isZero();
                assertThat(back.stdout()).startsWith("orders: started, pid ");
                assertThat(back.stderr())
                        .contains("is gone: version " + version + " gets the environment of this command");
            }
            assertThat(status()).contains("\"version\":\"" + version + "\"", "\"state\":\"ready\"");
            assertThat(Files.readString(Path.of("/proc/" + number("pid") + "/cmdline")))
                    .contains("--restart-delay=123ms");
        }
        assertThat(folder.resolve("pwd")).hasContent(elsewhere.toString());
        assertThat(Files.readString(folder.resolve("env"))).contains("COLOUR=red\n");
    }

    /** A folder's name is bytes: each server starts in its own one, on the way forth and back. */
    @Test
    void folderNeedNotBeText() throws IOException {
        String server = "test -e mark.$0 || exit 9; " + GOOD;
        String start = "start --name orders --app-version 1 --ready-fd 7";
        assertThat(inFolder("$(printf 'one\\377')", "old", start, server)).startsWith("0 orders: started");
        assertThat(inFolder("$(printf 'two\\376')", "new", "redeploy orders --app-version 2 --settle 0s", server))
                .startsWith("0 orders: redeployed");
        assertThat(inFolder("three", "bad", "redeploy orders --app-version 3", "exit 3"))
                .startsWith("69 holdfast: the new version")
                .contains("the old command again");
        assertThat(inFolder("three", "", "rollback orders --settle 0s", ""))
                .contains("0 orders: rolled back", "version 1 in place of 2");
        long launcher = number("pid");
        long last = number("serverPid");
        Processes.signal(launcher, "KILL");
        Processes.awaitDeath(launcher);
        Processes.awaitDeath(last);
        assertThat(inFolder("three", "", "rollback orders --settle 100ms", ""))
                .contains("version 2 gets the environment", "orders: started");
        assertThat(status()).contains("\"version\":\"2\"");
    }

    /** The exit code, and what a command printed that was typed there. */
    private String inFolder(String name, String server, String verb, String script) throws IOException {
        String words = verb.replaceFirst(" ", " --lock-dir " + folder + " ");
        String typed = "mkdir -p \"" + name + "\"; cd \"" + name + "\"; : >\"mark.$2\"; \"$0\" " + words
                + (server.isEmpty() ? "" : " -- sh -c \"$1\" \"$2\"") + " 2>&1; echo \" $?\"";
        ProcessBuilder builder = new ProcessBuilder(
                        "sh", "-c", typed, Launcher.executable().toString(), script, server)
                .directory(folder.toFile());
        builder.environment().put("HOLDFAST_HOME", folder.resolve("home").toString());
        try (Child shell = Child.start(builder)) {
            shell.awaitExit();
            return shell.stdout().replaceFirst("(?s)^(.*) (\\d+)\n$", "$2 $1");
        }
    }

    /** Another launcher runs, which has had one command only: the file knows the one before it. */
    @Test
    void rollbackUnderANewLauncherTakesTheCommandFromTheFile() {
        started(List.of(), GOOD);
        try (Child redeploy = redeploy(List.of("--app-version", "2", "--settle", "0s"), "sh", "-c", GOOD, "second")) {
            assertThat(redeploy.awaitExit()).as("%s", redeploy).isZero();
        }
        try (Child stop = command("stop", List.of("orders"))) {
            assertThat(stop.awaitExit()).as("%s", stop).isZero();
        }
        started(List.of("--app-version", "2"), GOOD);
        try (Child back = command("rollback", List.of("orders", "--settle", "0s"))) {
            assertThat(back.awaitExit()).as("%s", back).isZero();
            assertThat(back.stdout()).contains("orders: rolled back, server pid ", "version 1 in place of 2");
            assertThat(back.stderr()).contains("is gone: version 1 gets the environment of this command");
        }
    }

    @Test
    void rollbackOfWhatIsNotKnownSaysSo() {
        try (Child none = command("rollback", List.of("orders"))) {
            assertThat(none.awaitExit()).as("%s", none).isEqualTo(3);
            assertThat(none.stderr()).contains("it is not running, and no command is known that served before");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sleep         |                       | 0   | orders: not running; all checks passed, and without --dry-run it would be started
            /no/such/file |                       | 127 | command "/no/such/file" not found
            sleep         | --cwd=/no/such/folder | 66  | /no/such/folder
            sleep         | --check=exit 4        | 69  | would not be started: the command of --check failed
            """)
    void dryRunWithNothingRunningChecksTheCommand(String program, String option, int code, String says) {
        List<String> options = new ArrayList<>(List.of("--dry-run"));
        if (option != null) {
            options.add(option);
        }
        try (Child dry = redeploy(options, program, "100")) {
            assertThat(dry.awaitExit()).as("%s", dry).isEqualTo(code);
            assertThat(dry.stdout() + dry.stderr()).contains(says);
        }
        assertThat(launcher().leftovers()).doesNotContain("orders.lock");
    }

    @Test
    void neitherComesUpSoTheOldOneIsTriedAgainAndAgain() throws IOException {
        Path broken = folder.resolve("broken");
        started(List.of("--restart-delay", "100ms"), "test -e " + broken + " && exit 9; " + GOOD);
        Files.createFile(broken);
        try (Child redeploy = redeploy(List.of(), "sh", "-c", "exit 3")) {
            assertThat(redeploy.awaitExit()).as("%s", redeploy).isEqualTo(69);
            assertThat(redeploy.stderr())
                    .startsWith("holdfast: nobody serves \"orders\": it ended with exit code 3 before it was ready\n")
                    .contains("\n  serves     nobody: the old command did not come up either, and is started again");
        }
        Files.delete(broken);
        launcher().awaitState("orders", "ready");
        assertThat(status()).contains("\"version\":\"1\"");
    }

    /** What belongs to the caller's supervision is not the server's, and the instance's own variables are. */
    @Test
    void newServerHasTheCallersEnvironmentOrKeepsTheOldOnes() throws IOException {
        String script = "env >" + folder.resolve("env") + "; " + GOOD;
        started(List.of(), GOOD);
        Launcher caller =
                launcher().env("COLOUR", "blue").env("WATCHDOG_USEC", "7").env("LISTEN_FDS", "1");
        try (Child redeploy = command(caller, "redeploy", List.of("orders", "--settle", "0s"), "sh", "-c", script)) {
            assertThat(redeploy.awaitExit()).as("%s", redeploy).isZero();
        }
        assertThat(Files.readString(folder.resolve("env")))
                .contains("COLOUR=blue\n", "HOLDFAST_NAME=orders\n", "NOTIFY_SOCKET=")
                .doesNotContain("WATCHDOG_USEC", "LISTEN_FDS", "HOLDFAST_HOME");
        try (Child kept = command(
                launcher().env("COLOUR", "red"),
                "redeploy",
                List.of("orders", "--settle", "0s", "--keep-env"),
                "sh",
                "-c",
                script,
                "kept")) {
            assertThat(kept.awaitExit()).as("%s", kept).isZero();
        }
        assertThat(Files.readString(folder.resolve("env"))).contains("COLOUR=blue\n");
    }

    @Test
    void newServerGetsTheSocketsThatTheLauncherKeeps() throws IOException {
        String script = "env >" + folder.resolve("env") + "; test -S /proc/self/fd/3 && " + GOOD;
        started(List.of("--listen", "web=" + folder.resolve("web.sock")), GOOD);
        try (Child redeploy = redeploy(List.of("--settle", "0s"), "sh", "-c", script, "new")) {
            assertThat(redeploy.awaitExit()).as("%s", redeploy).isZero();
        }
        assertThat(Files.readString(folder.resolve("env"))).contains("LISTEN_FDS=1\n", "LISTEN_FDNAMES=web\n");
    }

    /** Whoever asked is killed: the redeploy goes on, and the next one has its turn after it. */
    @Test
    void redeploysAreDoneOneAfterTheOtherWhoeverWaits() {
        started(List.of(), GOOD);
        List<String> second = List.of("--app-version", "2", "--settle", "1s");
        try (Child killed = redeploy(second, "sh", "-c", GOOD, "second")) {
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(status()).contains("\"version\":\"2\""));
            killed.signal("KILL");
            List<String> third = List.of("--app-version", "3", "--settle", "100ms");
            try (Child redeploy = redeploy(third, "sh", "-c", GOOD, "third")) {
                assertThat(redeploy.awaitExit()).as("%s", redeploy).isZero();
                assertThat(redeploy.stdout()).contains("version 3 in place of 2");
            }
        }
    }

    @Test
    void restartIsOfTheCurrentCommandAndIsRefusedWhenItIsGone() throws IOException {
        started(List.of(), GOOD);
        Path program = folder.resolve("new.sh");
        Files.writeString(program, "#!/bin/sh\n" + GOOD + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (Child redeploy = redeploy(List.of("--settle", "0s", "--app-version", "2"), program.toString())) {
            assertThat(redeploy.awaitExit()).as("%s", redeploy).isZero();
        }
        long second = number("serverPid");
        try (Child restart = command("restart", List.of("orders"))) {
            assertThat(restart.awaitExit()).as("%s", restart).isZero();
        }
        assertThat(status()).contains("\"version\":\"2\"");
        long third = number("serverPid");
        assertThat(third).isNotEqualTo(second);
        Files.delete(program);
        try (Child restart = command("restart", List.of("orders"))) {
            assertThat(restart.awaitExit()).as("%s", restart).isEqualTo(75);
            assertThat(restart.stderr())
                    .contains("cannot restart \"orders\": its command cannot be run any more")
                    .contains("holdfast redeploy ");
        }
        assertThat(number("serverPid")).isEqualTo(third);
        // Its launcher is asked from another pid namespace, too.
        List<String> words = List.of("restart", "--lock-dir", folder.toString(), "orders");
        try (Child restart = Box.named("other").holdfast(launcher(), words)) {
            assertThat(restart.awaitExit()).as("%s", restart).isEqualTo(75);
            assertThat(restart.stderr()).contains("cannot restart \"orders\": its command cannot be run any more");
        }
        assertThat(number("serverPid")).isEqualTo(third);
    }

    @Test
    void instanceWithoutALauncherIsRefusedWithTheWayOut() {
        try (Child exec = launcher().run(List.of("--handoff", "exec"), Launcher.server());
                Child redeploy = afterServer(exec)) {
            assertThat(redeploy.awaitExit()).as("%s", redeploy).isEqualTo(75);
            assertThat(redeploy.stderr())
                    .contains("cannot redeploy \"orders\": it runs without a launcher")
                    .contains("\n  what now   holdfast stop ");
            assertThat(exec.isAlive()).isTrue();
        }
    }

    private Child afterServer(Child server) {
        server.awaitServer();
        return redeploy(List.of(), "sleep", "100");
    }

    @Test
    void serverThatGuardsItselfIsRefusedWithTheWayOut() {
        try (Child embedded = Child.start(EmbeddedServer.in(folder))) {
            try (Child redeploy = afterServer(embedded)) {
                assertThat(redeploy.awaitExit()).as("%s", redeploy).isEqualTo(75);
                assertThat(redeploy.stderr())
                        .contains("cannot redeploy \"orders\": it runs without a launcher")
                        .contains("\n  what now   holdfast stop ");
            }
            assertThat(embedded.isAlive()).isTrue();
            embedded.signal("TERM");
            embedded.awaitExit();
        }
    }

    /** Version 1.0.0 speaks version 1 of the protocol, and refuses in its own words. */
    @Test
    void launcherOfTheFirstVersionIsRefusedWithTheWayOut() throws IOException {
        try (Child run = launcher().run(List.of(), Launcher.server())) {
            run.awaitServer();
            try (Child old = FirstVersionSocket.insteadOf(folder, "orders");
                    Child redeploy = redeploy(List.of(), "sleep", "100")) {
                assertThat(redeploy.awaitExit()).as("%s %s", redeploy, old).isEqualTo(75);
                assertThat(redeploy.stderr()).contains("of an older version", "\n  what now   holdfast stop ");
            }
            assertThat(run.isAlive()).isTrue();
        }
    }

    /** It has all of the order, and nobody can tell what it has done of it. */
    @Test
    void launcherThatDiesBeforeItTellsOfTheBeginningIsToldAsLost() throws IOException {
        try (Child run = launcher().run(List.of(), Launcher.server())) {
            run.awaitServer();
            launcher().awaitRecordedServer("orders");
            Path socket = folder.resolve("orders.sock");
            await().until(() -> Files.exists(socket));
            String id = Files.readString(folder.resolve("orders.lock"))
                    .replaceAll("(?s).*\"instanceId\":\"([^\"]+)\".*", "$1");
            Files.delete(socket);
            String script = "import os, re, socket, sys\ns = socket.socket(socket.AF_UNIX)\nos.umask(0o177)\n"
                    + "s.bind(sys.argv[1])\ns.listen(5)\nprint('listens', flush=True)\nc, _ = s.accept()\n"
                    + "left = int(re.search(rb'\"payloadBytes\":(\\d+)', c.recv(4096))[1])\n"
                    + "c.sendall(b'{\"holdfast\":2,\"instanceId\":\"" + id + "\",\"progress\":\"send\"}\\n')\n"
                    + "while left: left -= len(c.recv(65536))\nos.kill(" + run.pid() + ", 9)\n";
            try (Child dying = Child.start(new ProcessBuilder("python3", "-c", script, socket.toString()))) {
                dying.awaitOut("listens");
                try (Child redeploy = redeploy(List.of(), "sh", "-c", GOOD, "new")) {
                    assertThat(redeploy.awaitExit()).as("%s", redeploy).isEqualTo(69);
                    assertThat(redeploy.stderr()).contains("the launcher of \"orders\" ended during the redeploy");
                }
            }
            run.awaitExit();
        }
    }

    @Test
    void stopDuringARedeployEndsIt() {
        started(List.of(), GOOD);
        try (Child redeploy = redeploy(List.of(), "sh", "-c", "trap 'exit 0' TERM" + WORK)) {
            launcher().awaitState("orders", "starting");
            try (Child stop = command("stop", List.of("orders"))) {
                assertThat(stop.awaitExit()).as("%s", stop).isZero();
            }
            assertThat(redeploy.awaitExit()).as("%s", redeploy).isEqualTo(75);
            assertThat(redeploy.stderr()).contains("the instance was told to stop meanwhile");
        }
    }

    @Test
    void redeployOfAnInstanceThatStopsIsRefused() throws IOException {
        Path enough = folder.resolve("enough");
        started(
                List.of("--grace", "2m"),
                "trap : TERM; echo >&7; exec 7>&-; while ! test -e " + enough + "; do sleep 0.05; done");
        try (Child stop = command("stop", List.of("orders"))) {
            launcher().awaitState("orders", "stopping");
            try (Child redeploy = redeploy(List.of(), "sh", "-c", GOOD)) {
                assertThat(redeploy.awaitExit()).as("%s", redeploy).isEqualTo(75);
                assertThat(redeploy.stderr()).contains("the instance is stopping");
            } finally {
                Files.createFile(enough);
            }
            assertThat(stop.awaitExit()).as("%s", stop).isZero();
        }
    }

    /** The launcher is killed in the middle: what it leaves is what a start can handle, and one server at the most. */
    @ParameterizedTest
    @ValueSource(strings = {"stopping", "old-gone", "before-new", "new-starting", "new-ready", "old-again"})
    void launcherKilledAtAnyStepLeavesWhatTheNextStartRepairs(String step) throws IOException {
        String kill = "kill -9 $PPID";
        Path again = folder.resolve("again");
        String old = step.equals("stopping")
                ? GOOD.replace("exit 0", kill + "; exit 0")
                : "test -e " + again + " && " + kill + "; " + GOOD;
        started(step.equals("old-gone") ? List.of("--post-stop", kill) : List.of(), old);
        Files.createFile(again);
        String script = switch (step) {
            case "new-starting" -> kill + "; " + GOOD;
            case "new-ready" -> "trap 'exit 0' TERM; echo >&7; sleep 0.1; " + kill + WORK;
            case "old-again" -> "exit 3";
            default -> GOOD;
        };
        List<String> options = new ArrayList<>(List.of("--settle", "5m"));
        if (step.equals("before-new")) {
            options.addAll(List.of("--pre-start", kill));
        }
        long launcher = number("pid");
        try (Child redeploy = redeploy(options, "sh", "-c", script, "new")) {
            assertThat(redeploy.awaitExit()).as("%s", redeploy).isEqualTo(69);
            assertThat(redeploy.stderr()).contains("the launcher of \"orders\" ended during the redeploy");
        }
        Processes.awaitDeath(launcher);
        try (Child next = launcher().run(List.of("--force", "--grace", "1s"), Launcher.server("code=0"))) {
            assertThat(next.awaitExit()).as("%s", next).isZero();
        }
        assertThat(launcher().leftovers()).doesNotContain("orders.lock", "orders.sock");
    }
}
