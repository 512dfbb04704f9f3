package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.EmbeddedServer;
import dev.holdfast.testkit.FirstVersionSocket;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.LongClient;
import dev.holdfast.testkit.SocketClient;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A program that guards itself is told of second launches, of its own kind and of the launcher's. */
@Timeout(180)
class OnActivateIT {
    private static final String PATIENT = "activate=30000";

    @TempDir
    Path locks;

    @TempDir
    Path folder;

    private Path out() {
        return folder.resolve("out");
    }

    private ProcessBuilder program(String... arguments) {
        ProcessBuilder builder = EmbeddedServer.in(locks, arguments);
        builder.environment().keySet().removeAll(List.of("DISPLAY", "WAYLAND_DISPLAY"));
        return builder;
    }

    private Child first(String... arguments) {
        Child program = Child.start(program(arguments));
        program.awaitServer();
        return program;
    }

    /** Lighter than a JVM without the launcher's archive. */
    private Child launch(List<String> options, String... arguments) {
        List<String> all = new ArrayList<>(List.of("--on-conflict", "activate"));
        all.addAll(options);
        List<String> command = new ArrayList<>(List.of("echo"));
        command.addAll(List.of(arguments));
        return Launcher.in(locks).run(all, command);
    }

    private static void tell(Child child, String line) throws IOException {
        child.stdin().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        child.stdin().flush();
    }

    private static void assertStops(Child program) {
        program.signal("TERM");
        assertThat(program.awaitExit()).as("%s", program).isEqualTo(143);
    }

    /** The second JVM has its classes on the module path. */
    @Test
    void secondLaunchInAnotherJvmEndsWithTheAnswerAndItsText() throws Exception {
        try (Child program = first(PATIENT, "activated=code:7")) {
            ProcessBuilder builder = program("with=a b", PATIENT);
            builder.directory(folder.toRealPath().toFile());
            builder.environment().put("XDG_ACTIVATION_TOKEN", "t=1");
            builder.command(onModulePath(builder.command()));
            try (Child second = Child.start(builder)) {
                assertThat(second.awaitExit()).as("%s", second).isEqualTo(7);
                assertThat(second.stdout()).isEqualTo("3 " + folder.toRealPath() + " t=1\nactivated\n");
            }
            assertThat(SocketClient.ask(locks.resolve("orders.sock"), "{\"holdfast\":1,\"request\":\"status\"}"))
                    .contains("\"state\":\"running\"", "\"pid\":" + program.pid());
            assertThat(SocketClient.ask(locks.resolve("orders.sock"), "{\"holdfast\":1,\"request\":\"stop\"}"))
                    .contains("\"error\":\"it guards itself");
            assertStops(program);
        }
        assertThat(Launcher.in(locks).leftovers()).isEmpty();
    }

    private static List<String> onModulePath(List<String> command) throws Exception {
        String classes = Path.of(EmbeddedServer.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
        List<String> modular = new ArrayList<>(command);
        int at = modular.indexOf("-cp");
        modular.set(at + 1, classes);
        String modules = String.join(File.pathSeparator, EmbeddedClassPathIT.jars());
        modular.addAll(at + 2, List.of("--module-path", modules, "--add-modules", "dev.holdfast"));
        return modular;
    }

    @Test
    void argumentsArriveWholeFromBothKindsOfLaunch() throws IOException {
        try (Child program = first(PATIENT, "activated=file:" + out())) {
            String big = "x".repeat(100_000);
            String script = "exec \"$@\" \"\" \"$(printf 'a\\nb')\" \"$(printf '\\377\\303')\" '$(id) ?' "
                    + "\"$0\" ".repeat(10);
            List<String> launcher = Launcher.in(locks).wordsOfRun("--on-conflict", "activate");
            launcher.add("echo");
            List<String> jvm = program(PATIENT).command();
            String whole = "\0a\nb\0\u00ff\u00c3\0$(id) ?\0" + (big + "\0").repeat(10);
            for (List<String> kind : List.of(launcher, withExtras("C", jvm), withExtras("C.UTF-8", jvm))) {
                List<String> words = new ArrayList<>(List.of("sh", "-c", script, big));
                words.addAll(kind);
                Files.deleteIfExists(out());
                try (Child second = Child.start(new ProcessBuilder(words))) {
                    assertThat(second.awaitExit()).as("%.2000s", second).isZero();
                }
                assertThat(Files.readString(out(), StandardCharsets.ISO_8859_1)).endsWith(whole);
            }
            assertStops(program);
        }
    }

    /** The program's own parser passes over what follows this. */
    private static List<String> withExtras(String locale, List<String> command) {
        List<String> words = new ArrayList<>(List.of("env", "LC_ALL=" + locale));
        words.addAll(command);
        words.add("extras");
        return words;
    }

    @Test
    void launchesWaitUntilTheProgramTakesThemAndArriveOnceInOrder() throws IOException {
        try (Child program = first(PATIENT)) {
            List<LongClient> clients = new ArrayList<>();
            try {
                for (int i = 0; i < 20; i++) {
                    LongClient client =
                            LongClient.connect(locks.resolve("orders.sock")).activate("launch " + i);
                    client.awaitLine("\"progress\":\"starting\"");
                    clients.add(client);
                }
                clients.get(3).hangUp();
                tell(program, "activated file:" + out());
                StringBuilder expected = new StringBuilder();
                for (int i = 0; i < clients.size(); i++) {
                    if (i != 3) {
                        assertThat(clients.get(i).awaitEnd())
                                .contains("\"running\"")
                                .endsWith("\"code\":0}\n");
                        expected.append("launch " + i + "\0");
                    }
                }
                assertThat(Files.readString(out())).isEqualTo(expected.toString());
            } finally {
                clients.forEach(LongClient::close);
            }
            assertStops(program);
        }
    }

    @Test
    void handlerThatHangsOrFailsIsToldInTimeAndNobodyIsKilled() throws IOException {
        try (Child program = first("activate=2000", "activated=throw")) {
            try (Child second = launch(List.of(), "x")) {
                assertThat(second.awaitExit()).as("%s", second).isEqualTo(75);
                assertThat(second.stderr()).contains("pid " + program.pid(), "onActivate) failed: java.io.IOException");
            }
            tell(program, "activated hang");
            program.awaitOut("takes launches");
            try (Child second = launch(List.of(), "x")) {
                assertThat(second.awaitExit()).as("%s", second).isEqualTo(75);
                assertThat(second.stderr()).contains("pid " + program.pid(), "took longer than 2s");
            }
            // It was interrupted, and so the next one is served.
            program.awaitOut("interrupted");
            tell(program, "activated code:0");
            program.awaitOut("(?s)takes launches.*takes launches");
            try (Child second = launch(List.of("--activate-timeout", "30s"), "x")) {
                assertThat(second.awaitExit()).as("%s", second).isZero();
            }
            assertStops(program);
        }
    }

    @Test
    void longTextArrivesAndAPipeThatNobodyReadsBlocksNobody() throws IOException {
        String slowly = "\"$@\" | { sleep 0.5; cat; }";
        List<String> words = new ArrayList<>(
                List.of("sh", "-c", slowly, "sh", Launcher.executable().toString()));
        words.addAll(List.of("run", "--name", "orders", "--lock-dir", locks.toString(), "--on-conflict", "activate"));
        words.addAll(List.of("--activate-timeout", "30s", "--", "echo"));
        try (Child program = first(PATIENT, "activated=big");
                Child second = Child.start(new ProcessBuilder(words))) {
            assertThat(second.awaitExit()).as("%s", second.stderr()).isZero();
            assertThat(second.stdout()).isEqualTo("\u00e4".repeat(100_000) + "\n");
            assertStops(program);
        }
        words.set(2, "mkfifo fifo; exec 3<>fifo; exec \"$@\" >fifo");
        ProcessBuilder unread = new ProcessBuilder(words);
        unread.directory(folder.toFile());
        try (Child program = first("activate=300", "activated=big");
                Child second = Child.start(unread)) {
            assertThat(second.awaitExit()).as("%s", second.stderr()).isNotNegative();
            assertStops(program);
        }
    }

    @Test
    void programThatStopsTakesNoMoreAndTheNextOneStarts() throws IOException {
        try (Child program = first(PATIENT);
                LongClient waits =
                        LongClient.connect(locks.resolve("orders.sock")).activate("x")) {
            waits.awaitLine("\"progress\":\"starting\"");
            program.signal("TERM");
            assertThat(waits.awaitEnd()).contains("\"remedy\":\"stopping\"");
            assertThat(program.awaitExit()).isEqualTo(143);
        }
        try (Child killed = first(PATIENT, "activated=code:7")) {
            killed.signal("KILL");
            killed.awaitExit();
            try (Child next = launch(List.of(), "mine")) {
                assertThat(next.awaitExit()).as("%s", next).isZero();
                assertThat(next.stdout()).isEqualTo("mine\n");
            }
        }
        assertThat(Launcher.in(locks).leftovers()).isEmpty();
    }

    @Test
    void programWithoutThePolicyIsLeftAloneWithTheWayOut() {
        try (Child program = first();
                Child second = launch(List.of(), "x")) {
            assertThat(second.awaitExit()).as("%s", second).isEqualTo(75);
            assertThat(second.stderr()).contains("pid " + program.pid(), "not told ", "without onActivate");
            assertStops(program);
        }
    }

    @Test
    void anotherGraphicalSessionIsRefusedByTheProgramToo() {
        ProcessBuilder one = program(PATIENT, "activated=code:3");
        one.environment().put("DISPLAY", ":1");
        ProcessBuilder two = program(PATIENT);
        two.environment().put("DISPLAY", ":2.0");
        try (Child program = Child.start(one)) {
            program.awaitServer();
            try (Child other = Child.start(two)) {
                assertThat(other.awaitExit()).as("%s", other).isEqualTo(75);
                assertThat(other.stderr()).contains("another graphical session");
            }
            assertStops(program);
        }
    }

    /** Version 1.0.0 speaks version 1 of the protocol, and refuses in its own words. */
    @Test
    void launcherOfTheFirstVersionIsToldApart() throws IOException {
        try (Child run = Launcher.in(locks).run(List.of(), Launcher.server())) {
            run.awaitServer();
            try (Child old = FirstVersionSocket.insteadOf(locks, "orders");
                    Child second = launch(List.of("--activate-timeout", "30s"), "x")) {
                assertThat(second.awaitExit()).as("%s %s", second, old).isEqualTo(75);
                assertThat(second.stderr()).contains("pid " + run.pid(), "of an older version", "start it again");
            }
            run.signal("TERM");
            assertThat(run.awaitExit()).isZero();
        }
    }

    /** Under the launcher second launches are the launcher's, which says so. */
    @Test
    void underTheLauncherItsCommandTells() throws IOException {
        ProcessBuilder program = program(PATIENT, "activated=code:7");
        Map<String, String> environment = program.environment();
        environment.put("HOLDFAST_LOG_LEVEL", "info");
        try (Child run = Launcher.in(locks).run(List.of("--on-activate", "exit 9"), program.command())) {
            run.awaitServer();
            run.awaitErr("takes no second launches: its launcher takes them");
            try (Child second = launch(List.of("--activate-timeout", "30s"), "x")) {
                assertThat(second.awaitExit()).as("%s", second).isEqualTo(9);
            }
            run.signal("TERM");
            assertThat(run.awaitExit()).isEqualTo(143);
        }
    }
}
