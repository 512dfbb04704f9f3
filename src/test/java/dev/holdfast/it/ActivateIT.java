package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.LongClient;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.SocketClient;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A second launch hands its arguments to the running instance: whole, in order, at most once, and in bounded time. */
@Timeout(180)
class ActivateIT {
    private static final int AT_ONE_INSTANT = "long".equals(System.getProperty("holdfast.stress")) ? 50 : 12;
    private static final long MOST_GROWTH_KILOBYTES = 6 * 1024;

    @TempDir
    Path locks;

    @TempDir
    Path folder;

    private Path out() {
        return folder.resolve("out");
    }

    private Path socket() {
        return locks.resolve("orders.sock");
    }

    /** Appends its arguments to a file, one on each line. */
    private String append() {
        return "f() { printf '%s\\n' \"$*\" >> '" + out() + "'; }; f";
    }

    private Child first(String onActivate, String... options) {
        List<String> all = new ArrayList<>(List.of("--on-activate", onActivate, "--activate-timeout", "30s"));
        all.addAll(List.of(options));
        Child run = Launcher.in(locks).run(all, Launcher.server());
        run.awaitServer();
        await().ignoreExceptions()
                .until(() -> !SocketClient.ask(socket(), "{\"holdfast\":1,\"request\":\"status\"}")
                        .isEmpty());
        return run;
    }

    private Child second(Launcher launcher, List<String> options, String... arguments) {
        List<String> all = new ArrayList<>(List.of("--on-conflict", "activate"));
        all.addAll(options);
        List<String> command = new ArrayList<>(List.of("echo"));
        command.addAll(List.of(arguments));
        return launcher.run(all, command);
    }

    private Child second(String... arguments) {
        return second(Launcher.in(locks), List.of(), arguments);
    }

    private static int descriptors(Child run) {
        String[] open = new File("/proc/" + run.pid() + "/fd").list();
        return open == null ? 0 : open.length;
    }

    private static void assertStops(Child run) {
        run.signal("TERM");
        assertThat(run.awaitExit()).as("%s", run).isZero();
    }

    @Test
    void launchThatMeetsNobodyStarts() {
        try (Child run = second("hello")) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stdout()).isEqualTo("hello\n");
        }
        assertThat(Launcher.in(locks).leftovers()).isEmpty();
    }

    @Test
    void instanceAnswersWithTextAndCode() throws IOException {
        String command = "tell() { echo \"$HOLDFAST_HOOK $HOLDFAST_SERVER_PID $PWD $HOLDFAST_ACTIVATION_FOLDER"
                + " ${XDG_ACTIVATION_TOKEN-none} ${DESKTOP_STARTUP_ID-none} $#\"; echo problem >&2; exit 7; }; tell";
        try (Child run = first(command)) {
            long server = Processes.children(run.pid()).get(0);
            Launcher launcher = Launcher.in(locks)
                    .env("XDG_ACTIVATION_TOKEN", "t=1")
                    .below("env", "-C", folder.toRealPath().toString());
            try (Child launch = second(launcher, List.of(), "a", "b")) {
                assertThat(launch.awaitExit()).as("%s", launch).isEqualTo(7);
                assertThat(launch.stdout())
                        .isEqualTo("activate " + server + " " + folder.toRealPath() + " " + folder.toRealPath()
                                + " t=1 none 2\n");
                assertThat(launch.stderr()).isEqualTo("problem\n");
            }
            assertThat(run.stdout()).doesNotContain("activate");
            assertStops(run);
        }
        assertThat(Launcher.in(locks).leftovers()).isEmpty();
    }

    @Test
    void argumentsArriveWhole() throws IOException {
        try (Child run = first("f() { printf '%s\\0' \"$@\" > '" + out() + "'; }; f")) {
            String big = "x".repeat(100_000);
            String script = "exec \"$@\" \"\" \"$(printf 'a\\nb')\" \"$(printf '\\377\\303')\" '$(id) `id` \"' -- "
                    + "\"$0\" ".repeat(10);
            List<String> words = new ArrayList<>(List.of("sh", "-c", script, big));
            words.addAll(Launcher.in(locks).wordsOfRun("--on-conflict", "activate"));
            words.add("echo");
            try (Child launch = Child.start(new ProcessBuilder(words))) {
                assertThat(launch.awaitExit()).as("%.2000s", launch).isZero();
            }
            StringBuilder expected = new StringBuilder("\0a\nb\0\u00ff\u00c3\0$(id) `id` \"\0--\0");
            expected.append((big + "\0").repeat(10));
            assertThat(Files.readString(out(), StandardCharsets.ISO_8859_1)).isEqualTo(expected.toString());
            assertStops(run);
        }
    }

    @Test
    void serverGetsASignalInstead() {
        try (Child run = Launcher.in(locks).run(List.of("--activate-signal", "USR1"), Launcher.server())) {
            run.awaitServer();
            try (Child launch = second("x")) {
                assertThat(launch.awaitExit()).as("%s", launch).isZero();
                assertThat(launch.stdout()).isEmpty();
            }
            run.awaitOut("got USR1");
            assertStops(run);
        }
    }

    @Test
    void instanceThatCannotBeToldIsNamedWithTheWayOut() throws IOException {
        try (Child run = Launcher.in(locks).run(List.of(), Launcher.server())) {
            run.awaitServer();
            try (Child launch = second("x")) {
                assertThat(launch.awaitExit()).as("%s", launch).isEqualTo(75);
                assertThat(launch.stderr())
                        .contains("already running: pid " + run.pid(), "not told ", "--on-activate COMMAND");
            }
            assertStops(run);
        }
        try (Child run = Launcher.in(locks).run(List.of("--handoff", "exec"), Launcher.server())) {
            run.awaitServer();
            try (Child launch = second("x")) {
                assertThat(launch.awaitExit()).as("%s", launch).isEqualTo(75);
                assertThat(launch.stderr()).contains("pid " + run.pid(), "not told ", "--handoff exec");
            }
            run.signal("TERM");
            assertThat(run.awaitExit()).isZero();
        }
        Files.deleteIfExists(locks.resolve("orders.lock"));
    }

    @Test
    void launcherThatHangsIsNamedAndIsToldNothingLater() throws IOException {
        try (Child run = first(append())) {
            Processes.stop(run.pid());
            try (Child launch = second(Launcher.in(locks), List.of("--activate-timeout", "500ms"), "late")) {
                assertThat(launch.awaitExit()).as("%s", launch).isEqualTo(75);
                assertThat(launch.stderr()).contains("pid " + run.pid(), "has not answered within 500ms");
            }
            run.signal("CONT");
            try (Child launch = second("early")) {
                assertThat(launch.awaitExit()).as("%s", launch).isZero();
            }
            assertThat(out()).hasContent("early");
            assertStops(run);
        }
    }

    @Test
    void commandThatHangsIsKilledAndNobodyElse() {
        try (Child run = Launcher.in(locks)
                .run(
                        List.of(
                                "--on-activate",
                                "f() { echo pid $$; sleep 1000 & wait; }; f",
                                "--activate-timeout",
                                "2s"),
                        Launcher.server())) {
            run.awaitServer();
            try (Child launch = second("x")) {
                assertThat(launch.awaitExit()).as("%s", launch).isEqualTo(75);
                assertThat(launch.stderr()).contains("pid " + run.pid(), "took longer than 2s");
                Processes.awaitDeath(Long.parseLong(launch.stdout().replaceAll("\\D", "")));
            }
            await().untilAsserted(
                            () -> assertThat(Processes.descendants(run.pid())).hasSize(1));
            assertStops(run);
        }
    }

    @Test
    void launchesWaitForAServerThatStartsAndArriveInOrder() throws IOException {
        Path ready = folder.resolve("ready");
        try (Child run = first(append(), "--ready-command", "test -e '" + ready + "'")) {
            List<LongClient> clients = new ArrayList<>();
            try {
                for (int i = 0; i < 5; i++) {
                    LongClient client = LongClient.connect(socket()).activate("launch " + i);
                    client.awaitLine("\"progress\":\"starting\"");
                    clients.add(client);
                }
                assertThat(out()).doesNotExist();
                Files.createFile(ready);
                for (LongClient client : clients) {
                    assertThat(client.awaitEnd()).contains("\"running\"").endsWith("\"code\":0}\n");
                }
                assertThat(Files.readAllLines(out()))
                        .containsExactly("launch 0", "launch 1", "launch 2", "launch 3", "launch 4");
            } finally {
                clients.forEach(LongClient::close);
            }
            assertStops(run);
        }
    }

    @Test
    void launchThatGivesUpFreesItsPlaceAndIsForgotten() throws IOException {
        Path ready = folder.resolve("ready");
        try (Child run = first(append(), "--ready-command", "test -e '" + ready + "'");
                LongClient stays = LongClient.connect(socket()).activate("stays")) {
            stays.awaitLine("\"progress\":\"starting\"");
            long before = descriptorsOfSockets(run);
            try (LongClient leaves = LongClient.connect(socket()).activate("leaves")) {
                leaves.awaitLine("\"progress\":\"starting\"");
                assertThat(descriptorsOfSockets(run)).isEqualTo(before + 1);
            }
            await().untilAsserted(() -> assertThat(descriptorsOfSockets(run)).isEqualTo(before));
            Files.createFile(ready);
            assertThat(stays.awaitEnd()).endsWith("\"code\":0}\n");
            assertThat(out()).hasContent("stays");
            assertStops(run);
        }
    }

    /** Its arguments were not taken, so it is the first one now. */
    @Test
    void launchThatWaitsForAKilledLauncherStarts() {
        try (Child run = first(append(), "--ready-command", "false");
                Child launch = second("mine")) {
            await().untilAsserted(() -> assertThat(descriptorsOfSockets(run)).isGreaterThan(1));
            run.signal("KILL");
            assertThat(launch.awaitExit()).as("%s", launch).isZero();
            assertThat(launch.stdout()).isEqualTo("mine\n");
        }
        assertThat(out()).doesNotExist();
    }

    private static long descriptorsOfSockets(Child run) throws IOException {
        try (var open = Files.list(Path.of("/proc/" + run.pid() + "/fd"))) {
            return open.filter(fd -> {
                        try {
                            return Files.readSymbolicLink(fd).toString().startsWith("socket:");
                        } catch (IOException e) {
                            return false;
                        }
                    })
                    .count();
        }
    }

    @Test
    void serversEndEndsWhatTellsIt() {
        try (Child run = first("f() { echo here; sleep 1000; }; f");
                Child launch = second("x")) {
            launch.awaitOut("here");
            run.signal("TERM");
            assertThat(run.awaitExit(Duration.ofSeconds(20))).isZero();
            assertThat(launch.awaitExit()).as("%s", launch).isEqualTo(75);
            assertThat(launch.stderr()).contains("not told ", "ended");
        }
    }

    @Test
    void anotherGraphicalSessionIsRefused() {
        try (Child run =
                Launcher.in(locks).env("DISPLAY", ":1.0").run(List.of("--on-activate", append()), Launcher.server())) {
            run.awaitServer();
            try (Child other = second(Launcher.in(locks).env("DISPLAY", ":2"), List.of(), "other");
                    Child same = second(Launcher.in(locks).env("DISPLAY", ":1"), List.of(), "same")) {
                assertThat(other.awaitExit()).as("%s", other).isEqualTo(75);
                assertThat(other.stderr()).contains("another graphical session", "--name NAME-${DISPLAY#*:}\n");
                assertThat(same.awaitExit()).as("%s", same).isZero();
            }
            assertThat(out()).hasContent("same");
            assertStops(run);
        }
    }

    /** Also not by root, who could. */
    @Test
    void anotherUsersInstanceIsRefusedAndWithItsScopeEachUserHasOne() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root, to be somebody else");
        Files.setPosixFilePermissions(locks, PosixFilePermissions.fromString("rwxrwxrwx"));
        Launcher other = Launcher.in(locks)
                .env("HOME", "/")
                .below("setpriv", "--reuid=54321", "--regid=54321", "--clear-groups");
        List<String> options = List.of("--on-activate", append());
        try (Child run = other.run(options, List.of("sh", "-c", "echo ready 1; exec cat"))) {
            run.awaitServer();
            try (Child launch = second("x")) {
                assertThat(launch.awaitExit()).as("%s", launch).isEqualTo(77);
                assertThat(launch.stderr()).contains("another user (uid 54321)", "--scope user");
            }
            // Nor when the file's owner is not asked: the instance sees by SO_PEERCRED who asks.
            try (LongClient client = LongClient.connect(socket()).ask(1, 3)) {
                assertThat(client.awaitEnd())
                        .contains("another user's instance is not activated", "\"remedy\":\"never\"");
            }
            run.signal("TERM");
            run.awaitExit();
        }
        List<String> each = List.of("--scope", "user");
        List<String> both = new ArrayList<>(options);
        both.addAll(each);
        try (Child run = other.run(both, List.of("sh", "-c", "echo ready 1; exec cat"))) {
            run.awaitServer();
            try (Child launch = second(Launcher.in(locks), each, "mine")) {
                assertThat(launch.awaitExit()).as("%s", launch).isZero();
                assertThat(launch.stdout()).isEqualTo("mine\n");
            }
            run.signal("TERM");
            run.awaitExit();
        }
        assertThat(out()).doesNotExist();
    }

    @Test
    void stopIsAnsweredWhileAllPlacesAreTaken() throws IOException {
        try (Child run = first(append(), "--ready-command", "false")) {
            List<LongClient> clients = new ArrayList<>();
            try {
                for (int i = 0; i < 64; i++) {
                    LongClient client = LongClient.connect(socket()).activate("launch " + i);
                    client.awaitLine("\"progress\":\"starting\"");
                    clients.add(client);
                }
                try (LongClient tooMany = LongClient.connect(socket()).ask(1, 3)) {
                    assertThat(tooMany.awaitEnd()).contains("too many", "\"remedy\":\"again\"");
                }
                assertThat(SocketClient.ask(socket(), "{\"holdfast\":1,\"request\":\"status\"}"))
                        .contains("\"state\":\"starting\"");
                assertThat(SocketClient.ask(socket(), "{\"holdfast\":1,\"request\":\"stop\"}"))
                        .contains("\"state\":\"stopping\"");
                assertThat(run.awaitExit()).as("%s", run).isZero();
                for (LongClient client : clients) {
                    assertThat(client.awaitEnd()).doesNotContain("\"running\"");
                }
            } finally {
                clients.forEach(LongClient::close);
            }
        }
        assertThat(out()).doesNotExist();
    }

    @Test
    void badClientsCostNobodyAnything() throws IOException {
        try (Child run = first(append())) {
            try (LongClient first = LongClient.connect(socket()).activate("first")) {
                assertThat(first.awaitEnd()).endsWith("\"code\":0}\n");
            }
            int before = descriptors(run);
            byte[] payload = LongClient.payload("never");
            try (LongClient silent = LongClient.connect(socket()).ask(4 * 1024 * 1024, 3);
                    LongClient waits = LongClient.connect(socket()).ask(4 * 1024 * 1024, 3);
                    LongClient half = LongClient.connect(socket()).ask(payload.length, 3);
                    LongClient dies = LongClient.connect(socket()).ask(payload.length, 3);
                    LongClient few = LongClient.connect(socket()).ask(payload.length, 2);
                    LongClient many = LongClient.connect(socket()).ask(payload.length, 8);
                    LongClient tooLong = LongClient.connect(socket()).ask(4 * 1024 * 1024 + 1, 3)) {
                assertThat(few.awaitEnd()).contains("\"error\":\"3 descriptors");
                assertThat(many.awaitEnd()).contains("\"error\":\"3 descriptors");
                assertThat(tooLong.awaitEnd()).contains("\"error\":\"a payload has at most");
                silent.awaitLine("\"send\"");
                half.awaitLine("\"send\"");
                half.send(java.util.Arrays.copyOf(payload, payload.length / 2));
                dies.awaitLine("\"send\"");
                dies.send(java.util.Arrays.copyOf(payload, payload.length - 1));
                dies.hangUp();
                try (LongClient garbage = LongClient.connect(socket()).ask(payload.length, 3)) {
                    garbage.awaitLine("\"send\"");
                    garbage.send(new byte[payload.length]);
                    assertThat(garbage.awaitEnd()).contains("\"error\":\"the payload is not");
                }
                // There is memory for one of these two only, while it has not taken too long; small ones do not wait.
                String early = waits.received();
                if (!silent.hasEnded()) {
                    assertThat(early).isEmpty();
                }
                try (LongClient good = LongClient.connect(socket()).activate("good")) {
                    assertThat(good.awaitEnd()).endsWith("\"code\":0}\n");
                }
                assertThat(half.awaitEnd()).doesNotContain("running");
                assertThat(silent.awaitEnd()).doesNotContain("running");
                waits.awaitLine("\"send\"");
            }
            await().untilAsserted(() -> assertThat(descriptors(run)).isLessThanOrEqualTo(before));
            assertThat(out()).hasContent("first\ngood");
            assertStops(run);
        }
    }

    @Test
    void fourMegabytesArrive() throws IOException {
        try (Child run = first("f() { printf '%s ' \"$#\" \"${#1}\" > '" + out() + "'; }; f")) {
            String[] arguments = new String[18];
            java.util.Arrays.fill(arguments, "x".repeat(100_000));
            try (LongClient client = LongClient.connect(socket()).activate(arguments)) {
                assertThat(client.awaitEnd()).endsWith("\"code\":0}\n");
            }
            assertThat(Files.readString(out())).isEqualTo("18 100000 ");
            // More than the kernel lets a program have.
            java.util.Arrays.fill(arguments, "x".repeat(200_000));
            try (LongClient client = LongClient.connect(socket()).activate(arguments)) {
                assertThat(client.awaitEnd()).contains("argument list too long", "\"remedy\":\"failed\"");
            }
            assertStops(run);
        }
    }

    @Test
    void launchesAtOneInstantArriveOnceEach() throws IOException {
        try (Child run = first(append())) {
            List<Child> launches = new ArrayList<>();
            try {
                for (int i = 0; i < AT_ONE_INSTANT; i++) {
                    launches.add(second(Launcher.in(locks), List.of("--activate-timeout", "60s"), "launch" + i));
                }
                List<String> expected = new ArrayList<>();
                for (int i = 0; i < AT_ONE_INSTANT; i++) {
                    assertThat(launches.get(i).awaitExit(Duration.ofSeconds(90)))
                            .as("%s", launches.get(i))
                            .isZero();
                    expected.add("launch" + i);
                }
                assertThat(Files.readAllLines(out())).containsExactlyInAnyOrderElementsOf(expected);
            } finally {
                launches.forEach(Child::close);
            }
            assertStops(run);
        }
    }

    @Test
    void thousandActivationsLeaveNothing() throws IOException {
        try (Child run = first("f() { :; }; f")) {
            activate(200);
            int before = descriptors(run);
            long kilobytes = anonymous(run);
            activate(1000);
            await().untilAsserted(() -> assertThat(descriptors(run)).isLessThanOrEqualTo(before));
            assertThat(anonymous(run)).as("RssAnon").isLessThan(kilobytes + MOST_GROWTH_KILOBYTES);
            assertThat(Processes.descendants(run.pid())).hasSize(1);
            assertStops(run);
        }
        assertThat(Launcher.in(locks).leftovers()).isEmpty();
    }

    private void activate(int times) {
        for (int i = 0; i < times; i++) {
            try (LongClient client = LongClient.connect(socket()).activate("x".repeat(i % 10 == 0 ? 100_000 : 10))) {
                assertThat(client.awaitEnd()).endsWith("\"code\":0}\n");
            }
        }
    }

    private static long anonymous(Child run) {
        return Long.parseLong(Processes.statusLine(run.pid(), "RssAnon").replaceAll("\\D", ""));
    }
}
