package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.testkit.Box;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a message tells to type is typed here, in a shell, as a person would: it must do what the message says. */
@Timeout(180)
class HintsIT {
    /** The command of a line, up to what is said about it. */
    private static final Pattern HINT =
            Pattern.compile("(?m)^  (?:look|stop it|what now|replace it) +(holdfast .*?|kill .*?)(?: {3,}.*)?$");

    @TempDir
    Path folder;

    private Path locks;

    /** A folder whose path no shell takes as one word. */
    @BeforeEach
    void awkwardFolder() throws IOException {
        locks = Files.createDirectory(folder.resolve("it's a $HOME; folder"));
    }

    private static List<String> hints(String message) {
        List<String> found = new ArrayList<>();
        Matcher matcher = HINT.matcher(message);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    /** Types a line into a shell that finds holdfast in its path. */
    private Child type(String line) {
        ProcessBuilder builder = Launcher.in(locks).builder(List.of());
        builder.command("sh", "-c", line).directory(locks.toFile());
        builder.environment()
                .merge("PATH", Launcher.executable().resolveSibling("").toString(), (path, bin) -> bin + ":" + path);
        return Child.start(builder);
    }

    private String answer(String line, int code) {
        try (Child command = type(line)) {
            assertThat(command.awaitExit()).as("%s: %s", line, command).isEqualTo(code);
            return command.stdout() + command.stderr();
        }
    }

    private Child refused(String... options) {
        Child second = Launcher.in(locks).run(List.of(options), List.of("sleep", "1000"));
        assertThat(second.awaitExit()).as("%s", second).isEqualTo(75);
        return second;
    }

    @Test
    void refusalTellsHowToLookAndHowToStop() {
        try (Child first = Launcher.in(locks).run(List.of(), Launcher.server());
                Child second = awaitAndRefuse(first)) {
            List<String> hints = hints(second.stderr());
            assertThat(hints).as(second.stderr()).hasSize(2);
            assertThat(answer(hints.get(0), 0)).contains("running", Long.toString(first.pid()));
            assertThat(answer(hints.get(1), 0)).contains("stopped");
            first.awaitExit();
        }
    }

    private Child awaitAndRefuse(Child first) {
        first.awaitServer();
        Launcher.in(locks).awaitRecordedServer("orders");
        return refused();
    }

    @Test
    void statusOfAnOrphanTellsHowToStopIt() {
        try (Child launcher = Launcher.in(locks).run(List.of("--death-signal", "none"), Launcher.server())) {
            long server = launcher.awaitServer();
            Launcher.in(locks).awaitRecordedServer("orders");
            launcher.signal("KILL");
            launcher.awaitExitWithoutOutput();
            try (Child status =
                            Launcher.in(locks).command(List.of("status", "orders", "--lock-dir", locks.toString()));
                    Child second = refused()) {
                assertThat(status.awaitExit()).isZero();
                assertThat(hints(second.stderr())).as(second.stderr()).hasSize(2);
                assertThat(answer(hints(second.stderr()).get(0), 0)).contains("orphaned", Long.toString(server));
                String stop = hints(status.stdout()).get(0);
                assertThat(answer(stop, 0)).contains("stopped");
                Processes.awaitDeath(server);
                assertThat(answer(stop, 0)).contains("not running");
            }
        }
    }

    /** A bare name means what the variables of the caller's shell say: then it is not enough. */
    @Test
    void hintMeansTheSameLockWhateverTheEnvironmentSays() throws IOException {
        Path other = Files.createDirectory(folder.resolve("other"));
        try (Child first = Launcher.in(locks).run(List.of(), Launcher.server())) {
            first.awaitServer();
            Launcher.in(locks).awaitRecordedServer("orders");
            try (Child second = Launcher.in(locks)
                    .env("HOLDFAST_LOCK_DIR", other.toString())
                    .run(List.of(), List.of("true"))) {
                assertThat(second.awaitExit()).isEqualTo(75);
                String look = hints(second.stderr()).get(0);
                assertThat(answer("HOLDFAST_LOCK_DIR='" + other + "' " + look, 0))
                        .contains("running");
            }
        }
    }

    @Test
    void mistakesNameTheHelpThatThereIs() {
        List<Launcher.Answer> mistakes = answers(List.of(
                "holdfast rnu",
                "holdfast run --nmae x true",
                "holdfast status --jsno",
                "holdfast stop",
                "holdfast lock",
                "holdfast completion tcsh",
                "holdfast restart a/b"));
        assertThat(mistakes).allMatch(answer -> answer.code() == 64);
        List<String> lines =
                mistakes.stream().map(answer -> onlyHint(answer.stderr())).toList();
        assertThat(answers(lines))
                .allMatch(answer -> answer.code() == 0 && answer.stdout().contains("Usage: holdfast"));
        assertThat(answer(onlyHint(answer("holdfast run --nmae x true", 64)), 0))
                .contains("Usage: holdfast");
    }

    /** Lines of plain words, read without a shell and a JVM for each. */
    private List<Launcher.Answer> answers(List<String> lines) {
        assertThat(lines).allMatch(line -> line.matches("holdfast[a-z/ -]*"));
        return Launcher.in(locks)
                .answers(lines.stream()
                        .map(line -> List.of(line.replaceFirst("holdfast ", "").split(" ")))
                        .toList());
    }

    /** The other way that a refusal names. */
    @Test
    void forcedStartTakesOverAsTheRefusalSays() {
        try (Child first = Launcher.in(locks).run(List.of(), Launcher.server());
                Child second = awaitAndRefuse(first)) {
            assertThat(second.stderr()).contains("      or start with FORCE_TERMINATE=true to take over");
            answer("FORCE_TERMINATE=true holdfast run --name orders --lock-dir . true", 0);
            first.awaitExit();
        }
    }

    @Test
    void refusedReloadTellsHowTheConfigurationIsReadAllTheSame() {
        try (Child first = Launcher.in(locks).run(List.of(), List.of("sh", "-c", "echo ready $$; exec sleep 1000"))) {
            long server = first.awaitServer();
            Launcher.in(locks).awaitSocket("orders");
            String message = answer("holdfast reload --lock-file orders.lock", 75);
            assertThat(answer(onlyHint(message), 0)).contains("restarted");
            Processes.awaitDeath(server);
            assertThat(first.isAlive()).isTrue();
            answer("holdfast stop --lock-file orders.lock", 0);
            first.awaitExit();
        }
    }

    @Test
    void serverWithoutALauncherIsToldToBeStopped() {
        for (String verb : List.of("restart", "reload")) {
            try (Child first = Launcher.in(locks)
                    .run(List.of("--handoff", "exec"), List.of("sh", "-c", "echo ready $$; exec sleep 1000"))) {
                first.awaitServer();
                String message = answer("holdfast " + verb + " --lock-file orders.lock", 75);
                assertThat(message).contains("and start it again");
                assertThat(answer(onlyHint(message), 0)).contains("stopped");
                first.awaitExit();
            }
        }
    }

    /** Whoever holds the lock without being an instance is named, and the line ends it. */
    @Test
    void strangerOnTheLockIsNamedAndEnded() {
        try (Child stranger =
                type("umask 077; exec flock --no-fork orders.lock sh -c 'echo ready $$; exec sleep 1000'")) {
            long pid = stranger.awaitServer();
            for (String line : List.of(
                    "holdfast run --name orders --lock-dir . true",
                    "holdfast run --name orders --lock-dir . --force true",
                    "holdfast stop --lock-file orders.lock",
                    "holdfast restart --lock-file orders.lock")) {
                String message = answer(line, 75);
                assertThat(message).contains("held by    pid " + pid + " (");
                assertThat(hints(message)).as(message).hasSize(2).contains("kill -TERM " + pid);
                assertThat(answer(hints(message).get(0), 4)).contains("cannot be verified");
            }
            answer("kill -TERM " + pid, 0);
            stranger.awaitExit();
            answer("holdfast run --name orders --lock-dir . true", 0);
        }
    }

    /** A server in another container, without a launcher that could be asked from outside. */
    @Test
    void serverInAnotherContainerIsStoppedWhereItRunsAsTold() {
        assumeTrue(System.getProperty("user.name").equals("root"), "needs root");
        Programs.require("nsenter");
        Box box = Box.named("one");
        ProcessBuilder run = Launcher.in(locks)
                .builder(List.of(
                        "run",
                        "--handoff",
                        "exec",
                        "--lock-file",
                        locks.resolve("orders.lock").toString()));
        run.command().addAll(List.of("--name", "orders", "--", "sleep", "1000"));
        // Not the box's first process: its end would be the end of who stops it, too.
        run.command().addAll(0, List.of("sh", "-c", "\"$@\"; echo over $?; exec sleep 1000", "sh"));
        try (Child container = box.start(run)) {
            Launcher.in(locks).awaitRecordedServer("orders");
            String message = answer("holdfast run --name orders --lock-dir . true", 75);
            Matcher where = Pattern.compile("(?m)^  stop it    where it runs: (holdfast .*); or end its container$")
                    .matcher(message);
            assertThat(where.find()).as(message).isTrue();
            String stop = "export PATH='" + Launcher.executable().resolveSibling("") + "':\"$PATH\"; " + where.group(1);
            try (Child inside = Child.start(new ProcessBuilder(
                    "nsenter", "--all", "--target", Long.toString(Box.pidOne(container)), "sh", "-c", stop))) {
                assertThat(inside.awaitExit()).as("%s", inside).isZero();
                assertThat(inside.stdout()).contains("stopped");
            }
            container.awaitOut("over (143)");
            answer("holdfast run --name orders --lock-dir . true", 0);
        }
    }

    @Test
    void otherCommandReplacesTheRunningOneAsTold() {
        String home = "HOLDFAST_HOME=\"$PWD\"/home ";
        String start = home + "holdfast start --settle 10ms --name orders --lock-dir . -- ";
        answer(start + "sleep 1000", 0);
        try {
            String replace = hints(answer(start + "sleep 1001", 75)).get(2);
            assertThat(replace).startsWith("holdfast redeploy ").endsWith(" -- COMMAND");
            String typed = home + replace.replace("COMMAND", "sleep 1001").replace(" -- ", " --settle 10ms -- ");
            assertThat(answer(typed, 0)).contains("redeployed");
            assertThat(answer(start + "sleep 1001", 0)).contains("the same command");
        } finally {
            answer("holdfast stop --lock-file orders.lock", 0);
        }
    }

    @Test
    void outputOfAVersionThatDoesNotServeIsWhereItIsTold() {
        String home = "HOLDFAST_HOME=\"$PWD\"/home ";
        String redeploy = "holdfast redeploy --lock-file orders.lock --settle 10ms --ready-log never"
                + " -- sh -c 'echo the reason; exit 3'";
        answer(home + "holdfast start --settle 10ms --name orders --lock-dir . -- sleep 1000", 0);
        try {
            String message = answer(home + redeploy, 69);
            assertThat(answer(home + onlyHint(message), 0)).contains("the reason");
            assertThat(answer(redeploy, 69))
                    .as("nothing is kept there")
                    .contains("\n  look       its output, where its launcher writes");
        } finally {
            answer("holdfast stop --lock-file orders.lock", 0);
        }
    }

    /** Whoever waits for the other start's server is told where to look, too. */
    @Test
    void outputOfAnotherStartIsWhereItIsTold() {
        String home = "HOLDFAST_HOME=\"$PWD\"/home ";
        String start = home + "holdfast start --ready-log never --name orders --lock-dir . -- "
                + "sh -c 'echo the reason; sleep 1000'";
        try (Child first = type(start)) {
            Launcher.in(locks).awaitRecordedServer("orders");
            try (Child second = type(start)) {
                await().until(() -> watches(second));
                await().until(() -> Processes.descendants(second.pid()).size() <= 1);
                answer(home + "holdfast stop --lock-file orders.lock", 0);
                first.awaitExit();
                assertThat(second.awaitExit()).as("%s", second).isEqualTo(69);
                assertThat(second.stderr()).contains("was being started by another start, and has ended");
                assertThat(answer(home + onlyHint(second.stderr()), 0)).contains("the reason");
            }
        }
    }

    /** Also by a start that has waited in vain. */
    @Test
    void holderWithoutItsFileIsStoppedAsTold() throws IOException {
        try (Child first = Launcher.in(locks).run(List.of(), Launcher.server())) {
            first.awaitServer();
            Launcher.in(locks).awaitRecordedServer("orders");
            Processes.signal(first.pid(), "STOP"); // it would put the names back
            await().until(() -> Processes.statusLine(first.pid(), "State").contains("stopped"));
            Files.delete(locks.resolve("orders.lock"));
            Files.delete(locks.resolve(".orders.lock.held"));
            String message =
                    answer("holdfast run --name orders --lock-dir . --on-conflict wait --wait-timeout 1s true", 75);
            assertThat(hints(message)).as(message).hasSize(2);
            assertThat(answer(hints(message).get(0), 0)).contains("running", Long.toString(first.pid()));
            assertThat(answer(hints(message).get(1), 0)).contains("stopped");
            first.awaitExit();
        }
    }

    @Test
    void leftoverWorkerIsStoppedAsTold() {
        String parent = "sleep 1000 9<&- 200<&- & echo worker $!; exec 3<&-; echo ready $$; exec sleep 1001";
        try (Child launcher = Launcher.in(locks).run(List.of("--death-signal", "none"), List.of("sh", "-c", parent))) {
            long worker = Long.parseLong(launcher.awaitOut("worker (\\d+)"));
            Launcher.in(locks).awaitRecordedServer("orders");
            launcher.signal("KILL");
            launcher.awaitExitWithoutOutput();
            String status = answer("holdfast status --lock-file orders.lock", 0);
            assertThat(answer(onlyHint(status), 0)).contains("stopped");
            Processes.awaitDeath(worker);
        }
    }

    @Test
    void pathThatIsNoLockFileIsRemovedOrAnotherChosen() throws IOException {
        for (String thing : List.of("ln -s target orders.lock", "mkdir orders.lock", "mkfifo orders.lock")) {
            answer(thing, 0);
            assertThat(answer("holdfast run --name orders --lock-dir . true", 77))
                    .contains("what now   remove it, or choose another path");
            answer("holdfast run --name orders --lock-file other.lock true", 0);
            assertThat(answer("holdfast status --lock-dir .", 4))
                    .contains("  lock file  " + locks.resolve("orders.lock") + "\n");
            answer("rm -r orders.lock; holdfast run --name orders --lock-dir . true", 0);
        }
    }

    @Test
    void anotherUsersLockIsLeftAndOneOfOnesOwnTaken() {
        assumeTrue(System.getProperty("user.name").equals("root"), "needs root");
        answer("touch orders.lock && chown 65534 orders.lock && chmod 600 orders.lock", 0);
        assertThat(answer("holdfast run --name orders --lock-dir . true", 77)).contains("with --scope user");
        answer("holdfast run --name orders --lock-dir . --scope user true", 0);
    }

    /** Only where something is kept: whoever started it by run has its output before his eyes. */
    @Test
    void outputOfAServerThatEndedTooSoonIsWhereItIsTold() throws IOException {
        String home = "HOLDFAST_HOME=\"$PWD\"/home ";
        String place = " --name orders --lock-dir . ";
        String server = "sh -c 'echo the reason; sleep 1000'";
        for (String output : List.of(" --output kept.log", "")) {
            try (Child start = type(home + "holdfast start --ready-log never" + place + output + " -- " + server)) {
                Launcher.in(locks).awaitRecordedServer("orders");
                try (Child wait = type(home + "holdfast wait --lock-file orders.lock")) {
                    await().until(() -> watches(wait));
                    answer(home + "holdfast stop --lock-file orders.lock", 0);
                    start.awaitExit();
                    assertThat(wait.awaitExit()).as("%s", wait).isEqualTo(69);
                    if (output.isEmpty()) {
                        assertThat(answer(home + onlyHint(wait.stderr()), 0)).contains("the reason");
                    } else {
                        assertThat(hints(wait.stderr()))
                                .as("nothing is kept where logs are looked for")
                                .isEmpty();
                    }
                }
            }
        }
        String kept = answer(home + "holdfast logs other", 66);
        assertThat(answer(home + onlyHint(kept), 0)).contains("the reason");
    }

    /** Whether it waits for files to change, and so has looked. */
    private static boolean watches(Child command) {
        List<Long> processes = new ArrayList<>(Processes.descendants(command.pid()));
        processes.add(command.pid());
        for (long pid : processes) {
            try (Stream<Path> open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
                for (Path descriptor : open.toList()) {
                    if (Files.readSymbolicLink(descriptor).toString().contains("inotify")) {
                        return true;
                    }
                }
            } catch (IOException | UncheckedIOException e) {
                // Closed, or gone, meanwhile: the next process.
            }
        }
        return false;
    }

    private static String onlyHint(String message) {
        assertThat(hints(message)).as(message).hasSize(1);
        return hints(message).get(0);
    }
}
