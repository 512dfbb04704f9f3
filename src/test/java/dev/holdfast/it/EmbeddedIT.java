package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.EmbeddedServer;
import dev.holdfast.testkit.ForEachJava;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server that guards itself by the library is an instance like any: to the launcher, to the commands, and to its like. */
@Timeout(180)
class EmbeddedIT {
    @TempDir
    Path locks;

    private Child server(String... arguments) {
        return Child.start(EmbeddedServer.in(locks, arguments));
    }

    private static void tell(Child child, String line) throws IOException {
        child.stdin().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        child.stdin().flush();
    }

    @ForEachJava
    void secondServerIsRefusedWithTheHolder(Path java) {
        try (Child first =
                Child.start(EmbeddedServer.in(java, List.of(), locks, "transport=http", "version=2.1", "grace=1000"))) {
            first.awaitServer();
            try (Child second = Child.start(EmbeddedServer.in(java, List.of(), locks))) {
                assertThat(second.awaitExit()).as("%s", second).isEqualTo(75);
                assertThat(second.stdout())
                        .isEqualTo("refused pid=" + first.pid()
                                + " verified=true transport=http version=2.1 since=true\n");
                assertThat(second.awaitErr("another instance.*"))
                        .matches("another instance of \"orders\" is already running: pid " + first.pid()
                                + ", started 20..-..-..T..:..:..Z, transport http, version 2\\.1; lock file \""
                                + locks.resolve("orders.lock") + "\"");
            }
            first.signal("TERM");
            assertThat(first.awaitExit()).as("%s", first).isEqualTo(143);
            assertThat(Launcher.in(locks).leftovers()).isEmpty();
        }
    }

    @Test
    void launcherIsRefusedAndTakesOverWhenForced() {
        Launcher launcher = Launcher.in(locks);
        try (Child embedded = server("hook=a")) {
            embedded.awaitServer();
            try (Child refused = launcher.run(List.of(), Launcher.server())) {
                assertThat(refused.awaitExit()).as("%s", refused).isEqualTo(75);
                assertThat(refused.stderr())
                        .contains("running: pid " + embedded.pid() + ",")
                        .contains("held, verified");
            }
            try (Child forced = launcher.run(List.of("--force"), Launcher.server())) {
                forced.awaitServer();
                assertThat(embedded.awaitExit()).as("%s", embedded).isEqualTo(143);
                assertThat(embedded.stdout()).contains("done a");
                forced.signal("TERM");
                forced.awaitExit();
            }
        }
        assertThat(launcher.leftovers()).isEmpty();
    }

    @Test
    void takesOverFromTheLauncherWhenToldTo() {
        try (Child launcher = Launcher.in(locks).run(List.of(), Launcher.server())) {
            launcher.awaitServer();
            try (Child refused = server()) {
                assertThat(refused.awaitExit()).as("%s", refused).isEqualTo(75);
                assertThat(refused.stdout()).startsWith("refused pid=" + launcher.pid() + " verified=true");
            }
            assertThat(launcher.isAlive()).isTrue();
            try (Child forced = server("takeover")) {
                forced.awaitServer();
                launcher.awaitExit();
                assertThat(launcher.stdout()).contains("got TERM");
                forced.awaitErr("taking over \"orders\" from pid=" + launcher.pid());
            }
        }
    }

    /** The holder may have begun long after this JVM did: what counts is when the lock was asked for. */
    @Test
    void takesOverFromItsLike() {
        try (Child first = server()) {
            first.awaitServer();
            try (Child forced = server("takeover")) {
                forced.awaitServer();
                assertThat(first.awaitExit()).as("%s", first).isEqualTo(143);
            }
        }
    }

    @Test
    void waitsForTheLauncherAndItsLike() throws IOException {
        try (Child first = Launcher.in(locks).run(List.of(), Launcher.server())) {
            first.awaitServer();
            try (Child second = server("wait")) {
                second.awaitErr("waiting for \"orders\" to end");
                first.signal("TERM");
                second.awaitServer();
                try (Child third = server("wait=100")) {
                    assertThat(third.awaitExit()).as("%s", third).isEqualTo(75);
                }
                try (Child fourth = server("wait")) {
                    fourth.awaitErr("waiting for \"orders\" to end");
                    tell(second, "close");
                    fourth.awaitServer();
                    second.awaitOut("closed held=false");
                }
            }
        }
    }

    @Test
    void statusAndStopWorkOnIt() {
        Launcher launcher = Launcher.in(locks);
        try (Child embedded = server("version=3", "hook=a")) {
            embedded.awaitServer();
            assertThat(launcher.statusJson("orders"))
                    .contains("\"pid\":" + embedded.pid())
                    .contains("\"version\":\"3\"")
                    .contains("\"state\":\"running\"");
            try (Child stop = launcher.command(List.of("stop", "orders", "--lock-dir", locks.toString()))) {
                assertThat(stop.awaitExit()).as("%s", stop).isZero();
            }
            assertThat(embedded.awaitExit()).as("%s", embedded).isEqualTo(143);
            assertThat(embedded.stdout()).contains("done a");
        }
        assertThat(launcher.leftovers()).isEmpty();
    }

    @ForEachJava
    void serverOfTheLauncherIsGuardedAlready(Path java) {
        Launcher launcher = Launcher.in(locks).java(java);
        List<String> command =
                EmbeddedServer.command(java, List.of("-cp", EmbeddedServer.classPath()), locks, "hook=a");
        try (Child run = launcher.run(List.of("--app-version", "9"), command)) {
            long server = run.awaitServer();
            assertThat(run.awaitOut("launcher=.*")).isEqualTo("launcher=" + run.pid() + " held=true");
            run.awaitErr("\"orders\" is guarded already: this process is the server of launcher pid=" + run.pid());
            assertThat(launcher.statusJson("orders")).contains("\"version\":\"9\"");
            try (Child second = server()) {
                assertThat(second.awaitExit()).isEqualTo(75);
                assertThat(second.stdout()).startsWith("refused pid=" + run.pid() + " verified=true");
            }
            assertThat(Processes.isAlive(server)).isTrue();
            run.signal("TERM");
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(143);
            assertThat(run.stdout()).contains("done a");
        }
        assertThat(launcher.leftovers()).isEmpty();
    }

    @Test
    void serverThatTheLauncherHasBecomeIsGuardedAlready() {
        List<String> command = EmbeddedServer.command(
                Path.of(System.getProperty("java.home")), List.of("-cp", EmbeddedServer.classPath()), locks);
        try (Child run = Launcher.in(locks).run(List.of("--handoff", "exec"), command)) {
            assertThat(run.awaitServer()).isEqualTo(run.pid());
            assertThat(run.awaitOut("launcher=.*")).isEqualTo("launcher=0 held=true");
            try (Child second = server()) {
                assertThat(second.awaitExit()).isEqualTo(75);
            }
            run.signal("TERM");
            assertThat(run.awaitExit()).isEqualTo(143);
        }
        try (Child next = server()) {
            next.awaitServer();
        }
    }

    /** There could be two of them, so none is let in. */
    @Test
    void processBelowTheGuardedServerIsRefusedAndToldWhy() {
        List<String> command = EmbeddedServer.command(
                Path.of(System.getProperty("java.home")),
                List.of("-cp", EmbeddedServer.classPath()),
                locks,
                "takeover");
        List<String> script = List.of("sh", "-c", "\"$@\"; echo code=$?", "script");
        try (Child run = Launcher.in(locks).run(List.of(), concat(script, command))) {
            assertThat(run.awaitOut("code=(\\d+)")).as("%s", run).isEqualTo("75");
            assertThat(run.stdout()).contains("refused pid=" + run.pid() + " verified=false");
            assertThat(run.stderr())
                    .contains("this process descends from it: \"holdfast run\" (pid " + run.pid() + ") guards pid ")
                    .contains("must exec it");
            assertThat(run.awaitExit()).isZero();
        }
    }

    private static List<String> concat(List<String> a, List<String> b) {
        List<String> all = new java.util.ArrayList<>(a);
        all.addAll(b);
        return all;
    }

    @Test
    void killedServerLeavesAFileThatTheNextOneTakesOver() {
        Launcher launcher = Launcher.in(locks);
        try (Child first = server("hook=a")) {
            first.awaitServer();
            first.signal("KILL");
            assertThat(first.awaitExit()).isEqualTo(137);
            assertThat(first.stdout()).doesNotContain("hook");
        }
        assertThat(launcher.leftovers()).containsExactly(".orders.lock.held", "orders.lock");
        try (Child next = server()) {
            next.awaitServer();
            next.awaitErr("overwriting the stale record");
            next.signal("TERM");
            next.awaitExit();
        }
        assertThat(launcher.leftovers()).isEmpty();
    }

    @Test
    void environmentCountsOnlyWhenAskedForAndOnlyWhereTheCodeIsSilent() {
        try (Child first = server()) {
            first.awaitServer();
            ProcessBuilder deaf = EmbeddedServer.in(locks);
            ProcessBuilder explicit = EmbeddedServer.in(locks, "environment", "fail");
            ProcessBuilder asked = EmbeddedServer.in(locks, "environment", "transport=pipe");
            for (ProcessBuilder builder : List.of(deaf, explicit, asked)) {
                builder.environment().put("FORCE_TERMINATE", "true");
                builder.environment().put("HOLDFAST_TRANSPORT", "http");
                builder.environment().put("HOLDFAST_APP_VERSION", "7");
                builder.environment().put("HOLDFAST_LOCK_FILE", "/nowhere/at.all");
            }
            for (ProcessBuilder builder : List.of(deaf, explicit)) {
                try (Child refused = Child.start(builder)) {
                    assertThat(refused.awaitExit()).as("%s", refused).isEqualTo(75);
                }
            }
            ProcessBuilder unable = EmbeddedServer.in(locks, "environment");
            unable.environment().put("HOLDFAST_ON_CONFLICT", "activate");
            try (Child refused = Child.start(unable)) {
                assertThat(refused.awaitExit()).as("%s", refused).isEqualTo(75);
                assertThat(refused.stderr())
                        .contains("HOLDFAST_ON_CONFLICT is activate, which is taken as fail: \"orders\" guards itself");
            }
            try (Child forced = Child.start(asked)) {
                forced.awaitServer();
                assertThat(first.awaitExit()).isEqualTo(143);
                assertThat(Launcher.in(locks).statusJson("orders"))
                        .contains("\"transport\":\"pipe\"")
                        .contains("\"version\":\"7\"");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"TERM,143", "INT,130", "HUP,129"})
    void signalsRunTheStopHooks(String signal, int code) {
        try (Child server = server("hook=a", "hook=b")) {
            server.awaitServer();
            server.signal(signal);
            assertThat(server.awaitExit()).as("%s", server).isEqualTo(code);
            assertThat(server.stdout()).contains("hook b\ndone b\nhook a\ndone a\n");
        }
        assertThat(Launcher.in(locks).leftovers()).isEmpty();
    }

    @Test
    void quitIsAThreadDumpAndNoStop() throws IOException {
        try (Child server = server("hook=a")) {
            server.awaitServer();
            server.signal("QUIT");
            server.awaitOut("Full thread dump");
            tell(server, "held");
            server.awaitOut("held=true\n");
            assertThat(server.stdout()).doesNotContain("hook a");
        }
    }

    @Test
    void withReducedSignalsNothingRuns() {
        try (Child server = Child.start(
                EmbeddedServer.in(Path.of(System.getProperty("java.home")), List.of("-Xrs"), locks, "hook=a"))) {
            server.awaitServer();
            server.signal("TERM");
            assertThat(server.awaitExit()).isEqualTo(143);
            assertThat(server.stdout()).doesNotContain("hook a");
        }
        assertThat(Launcher.in(locks).leftovers()).containsExactly(".orders.lock.held", "orders.lock");
    }

    @ForEachJava
    void exitStopsAndKeepsItsCode(Path java) throws IOException {
        try (Child server = Child.start(EmbeddedServer.in(java, List.of(), locks, "hook=a"))) {
            server.awaitServer();
            tell(server, "exit 3");
            assertThat(server.awaitExit()).as("%s", server).isEqualTo(3);
            assertThat(server.stdout()).contains("done a");
        }
        assertThat(Launcher.in(locks).leftovers()).isEmpty();
    }

    @Test
    void endOfMainStopsOnce() throws IOException {
        try (Child server = server("hook=a")) {
            server.awaitServer();
            tell(server, "return");
            assertThat(server.awaitExit()).as("%s", server).isZero();
            assertThat(server.stdout()).containsOnlyOnce("done a").endsWith("after\n");
        }
        assertThat(Launcher.in(locks).leftovers()).isEmpty();
    }

    @Test
    void haltLeavesTheFileAndTheLockIsFree() throws IOException {
        try (Child server = server("hook=a")) {
            server.awaitServer();
            tell(server, "halt 4");
            assertThat(server.awaitExit()).isEqualTo(4);
            assertThat(server.stdout()).doesNotContain("hook a");
        }
        try (Child next = server()) {
            next.awaitServer();
        }
    }

    /** The first registered runs last, whatever the others do. */
    @Test
    void hookThatThrowsOrHangsStopsNeitherTheOthersNorTheRelease() {
        try (Child server = server(
                "grace=3000", "hook=slow:200", "hook=first", "hook=throw", "hook=error", "hook=hang", "hook=last")) {
            server.awaitServer();
            long start = System.nanoTime();
            server.signal("TERM");
            assertThat(server.awaitExit()).as("%s", server).isEqualTo(143);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(2900));
            assertThat(server.stdout())
                    .contains("hook last\ndone last\nhook hang\nhook error\nhook throw\nhook first\n");
            assertThat(server.stdout()).contains("done first\nhook slow:200\ndone slow:200\n");
        }
        assertThat(Launcher.in(locks).leftovers()).isEmpty();
    }

    @Test
    void slowHookHasMostOfTheGraceForItself() {
        try (Child server = server("grace=20000", "hook=first", "hook=slow:1500")) {
            server.awaitServer();
            server.signal("TERM");
            assertThat(server.awaitExit()).as("%s", server).isEqualTo(143);
            assertThat(server.stdout()).contains("hook slow:1500\ndone slow:1500\nhook first\ndone first\n");
        }
    }

    @Test
    void closeIsBoundedToo() throws IOException {
        try (Child server = server("grace=2000", "hook=a", "hook=hang")) {
            server.awaitServer();
            tell(server, "close");
            server.awaitOut("closed held=false");
            server.awaitOut("interrupted");
            assertThat(server.stdout()).contains("done a");
            assertThat(Launcher.in(locks).leftovers()).isEmpty();
        }
    }

    @ForEachJava
    void exitInAStopHookEndsWithItsCodeWhenItBeganTheShutdown(Path java) throws IOException {
        try (Child server =
                Child.start(EmbeddedServer.in(java, List.of(), locks, "grace=1000", "hook=a", "hook=exit:6"))) {
            server.awaitServer();
            tell(server, "close");
            assertThat(server.awaitExit()).as("%s", server).isEqualTo(6);
            assertThat(server.stdout()).contains("done a");
        }
        assertThat(Launcher.in(locks).leftovers()).isEmpty();
    }

    @Test
    void exitInAStopHookDuringAShutdownChangesNothing() {
        try (Child server = server("grace=1000", "hook=a", "hook=exit:6")) {
            server.awaitServer();
            server.signal("TERM");
            assertThat(server.awaitExit()).as("%s", server).isEqualTo(143);
            assertThat(server.stdout()).contains("done a");
        }
        assertThat(Launcher.in(locks).leftovers()).isEmpty();
    }

    /** Until the last shutdown hook of others is done, this process is the instance. */
    @ForEachJava
    void lockOutlivesTheShutdownHooksOfOthers(Path java) {
        try (Child server =
                Child.start(EmbeddedServer.in(java, List.of(), locks, "grace=20000", "hook=a", "others-hook=2000"))) {
            server.awaitServer();
            server.signal("TERM");
            server.awaitOut("other begins");
            server.awaitOut("done a");
            try (Child next = server("wait")) {
                next.awaitServer();
                assertThat(server.stdout()).contains("other done");
                assertThat(server.awaitExit()).as("%s", server).isEqualTo(143);
                assertThat(Launcher.in(locks).leftovers()).containsExactly(".orders.lock.held", "orders.lock");
            }
        }
    }

    @ForEachJava
    void shutdownThatHangsIsCutOffAfterTheGrace(Path java) {
        try (Child server =
                Child.start(EmbeddedServer.in(java, List.of(), locks, "grace=1500", "hook=a", "others-hook=60000"))) {
            server.awaitServer();
            server.signal("TERM");
            assertThat(server.awaitExit()).as("%s", server).isEqualTo(137);
            assertThat(server.stdout()).contains("done a").doesNotContain("other done");
        }
        assertThat(Launcher.in(locks).leftovers()).isEmpty();
    }

    @Test
    void removedLockFileIsNoticedAndMadeAgain() throws IOException {
        Path file = locks.resolve("orders.lock");
        try (Child server = server("recheck=300", "lost")) {
            server.awaitServer();
            Files.delete(file);
            server.awaitOut("lost REGAINED");
            assertThat(file).exists();
            tell(server, "held");
            server.awaitOut("held=true\n");
            try (Child second = server()) {
                assertThat(second.awaitExit()).as("%s", second).isEqualTo(75);
                assertThat(second.stdout()).startsWith("refused pid=" + server.pid() + " verified=true");
            }
        }
    }

    @Test
    void lockFileOfAnotherHolderIsALostLock() throws IOException {
        Path file = locks.resolve("orders.lock");
        try (Child server = server("recheck=200", "lost")) {
            server.awaitServer();
            Files.createFile(
                    locks.resolve("other"),
                    java.nio.file.attribute.PosixFilePermissions.asFileAttribute(
                            java.nio.file.attribute.PosixFilePermissions.fromString("rw-------")));
            try (Child thief = Child.start(new ProcessBuilder(
                    "flock", locks.resolve("other").toString(), "sh", "-c", "echo locked; exec cat"))) {
                thief.awaitOut("locked");
                Files.move(locks.resolve("other"), file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
                tell(server, "held");
                server.awaitOut("held=false");
                server.awaitOut("lost TAKEN");
                assertThat(server.isAlive()).isTrue();
                server.signal("TERM");
                assertThat(server.awaitExit()).isEqualTo(143);
                assertThat(file).as("somebody else's by now").exists();
            }
        }
    }

    @Test
    void secondServerIsKeptOutWhileTheFileIsGone() throws IOException {
        try (Child server = server("recheck=60000")) {
            server.awaitServer();
            Files.delete(locks.resolve("orders.lock"));
            tell(server, "held");
            server.awaitOut("held=false");
            try (Child second = server()) {
                assertThat(second.awaitExit()).as("%s", second).isEqualTo(75);
                assertThat(second.awaitErr("another.*")).contains("pid " + server.pid());
            }
            tell(server, "held");
            server.awaitOut("held=true"); // the refused start has put the name back
        }
    }

    /** Nothing but the interlock, and the file that its holder still has open, tells of it. */
    @Test
    void secondServerIsKeptOutWhenBothNamesAreGone() throws IOException {
        try (Child server = server("recheck=60000")) {
            server.awaitServer();
            Files.delete(locks.resolve("orders.lock"));
            Files.delete(locks.resolve(".orders.lock.held"));
            try (Child second = server()) {
                assertThat(second.awaitExit()).as("%s", second).isEqualTo(75);
                assertThat(second.awaitErr("another.*")).contains("pid " + server.pid());
            }
        }
    }

    /** Its file is there as long as it runs, comes back, and tells of one that was killed; its history has both ends. */
    @Test
    void itIsRegisteredAsLongAsItRuns() throws IOException {
        try (Child embedded = server("recheck=200");
                Child killed = server("file=" + locks.resolve("victim.lock"))) {
            embedded.awaitServer();
            killed.awaitServer();
            await().until(() -> Launcher.registered(locks).size() == 2);
            Path file = Launcher.registered(locks).stream()
                    .filter(path -> path.getFileName().toString().startsWith("server_" + embedded.pid() + "-"))
                    .findFirst()
                    .orElseThrow();
            assertThat(Files.readString(file)).contains("\"name\":\"orders\"", "\"state\":\"running\"");
            Files.delete(file);
            await().until(() -> Files.exists(file));
            killed.signal("KILL");
            killed.awaitExit();
            embedded.signal("TERM");
            assertThat(embedded.awaitExit()).as("%s", embedded).isEqualTo(143);
            assertThat(file).doesNotExist();
            assertThat(Launcher.registered(locks)).hasSize(1);
            assertThat(Files.readString(Launcher.home(locks).resolve("history.jsonl")))
                    .contains("\"start\"", "\"stop\"", "\"orders\"");
            try (Child resolve = Launcher.in(locks)
                    .env("HOLDFAST_HOME", Launcher.home(locks).toString())
                    .command(List.of("resolve", "--yes", "--lock-dir", locks.toString()))) {
                assertThat(resolve.awaitExit()).as("%s", resolve).isZero();
            }
            assertThat(Launcher.registered(locks)).isEmpty();
        }
    }
}
