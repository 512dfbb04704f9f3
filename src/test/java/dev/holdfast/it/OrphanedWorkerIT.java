package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.Programs;
import dev.holdfast.testkit.WorkersParent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a server starts has none of the lock's descriptors: Node, Python and Java close them. When the launcher is
 * SIGKILLed, no second server may start beside it all the same.
 */
@Timeout(180)
class OrphanedWorkerIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private Launcher launcher() throws IOException {
        Files.createDirectories(folder.resolve("locks"));
        return Launcher.in(folder.resolve("locks"));
    }

    @AfterEach
    void endWorkers() {
        worker().filter(Processes::isAlive).forEach(pid -> {
            List<Long> all = Processes.descendants(pid);
            Processes.signal(pid, "KILL");
            all.forEach(child -> Processes.signal(child, "KILL"));
        });
    }

    private Stream<Long> worker() {
        try {
            Path file = folder.resolve("worker.pid");
            return Files.exists(file) ? Files.readString(file).lines().map(Long::parseLong) : Stream.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<Arguments> servers() {
        return Stream.of("sh", "node", "python", "java")
                .flatMap(server -> Stream.of(true, false)
                        .flatMap(heeds -> Stream.of("TERM", "KILL", "none")
                                .flatMap(signal -> Stream.of("supervise", "exec")
                                        // A death signal is the launcher's, and after an exec there is none.
                                        .filter(handOff -> !handOff.equals("exec") || signal.equals("TERM"))
                                        // A JVM is dear: once for each answer to TERM
                                        .filter(handOff -> !server.equals("java") || signal.equals("TERM"))
                                        .map(handOff -> Arguments.of(server, heeds, signal, handOff)))));
    }

    /** Starts a worker of its own, which has no descriptor of ours, and waits for it. */
    private List<String> server(String kind, boolean heeds) throws IOException {
        String worker = (heeds ? "" : "trap '' TERM; ") + "echo $$ >" + folder.resolve("worker.pid")
                + "; exec 3>&-; sleep 300 & wait; wait";
        return switch (kind) {
            case "sh" ->
                List.of(
                        Programs.require("bash"), // dash closes no descriptor above 9
                        "-c",
                        "for fd in /proc/self/fd/*; do fd=${fd##*/}; [ $fd -le 2 ] || eval \"exec $fd>&-\"; done; "
                                + "sh -c \"$0\" & wait; wait",
                        worker);
            case "node" ->
                List.of(
                        Programs.require("node"),
                        "-e",
                        "require('child_process').spawn('sh', ['-c', process.argv[1]], {stdio: 'inherit'}); setInterval(() => 0, 1e6)",
                        worker);
            case "python" ->
                List.of(
                        Programs.require("python3"),
                        "-c",
                        "import subprocess, sys; subprocess.call(['sh', '-c', sys.argv[1]])",
                        worker);
            default -> WorkersParent.command(worker);
        };
    }

    private long awaitWorker() {
        await().atMost(SOON).until(() -> worker().findFirst().isPresent());
        return worker().findFirst().orElseThrow();
    }

    @ParameterizedTest(name = "{0}, worker heeds TERM: {1}, death signal {2}, {3}")
    @MethodSource("servers")
    void killedLauncherNeverLeadsToASecondServer(String kind, boolean heeds, String deathSignal, String handOff)
            throws IOException {
        List<String> options = List.of("--death-signal", deathSignal, "--handoff", handOff, "--grace", "500ms");
        try (Child first = launcher().run(options, server(kind, heeds))) {
            long worker = awaitWorker();
            boolean isReached = handOff.equals("supervise")
                    && (deathSignal.equals("KILL") || (deathSignal.equals("TERM") && heeds));
            if (isReached) {
                launcher().awaitRecordedServer("orders"); // by then the signal is aimed
            }
            Processes.signal(first.pid(), "KILL");
            first.awaitExitWithoutOutput();
            if (isReached) {
                Processes.awaitDeath(worker);
                assertStarts(List.of());
                return;
            }
            await().atMost(SOON)
                    .until(() -> !handOff.equals("exec")
                            || Processes.stat(first.pid()).isEmpty()
                            || !Processes.isAlive(first.pid()));
            assertRefused();
            assertThat(Processes.isAlive(worker)).isTrue();
            assertThat(launcher().statusJson("orders")).contains("\"verdict\":\"orphaned\"");
            assertStarts(List.of("--force"));
            assertThat(Processes.isAlive(worker)).isFalse();
        }
    }

    private void assertRefused() throws IOException {
        try (Child next = launcher().run(List.of(), List.of("echo", "second"))) {
            assertThat(next.awaitExit()).as("%s", next).isEqualTo(75);
            assertThat(next.stdout()).isEmpty();
            assertThat(next.stderr()).contains("orphaned");
        }
    }

    private void assertStarts(List<String> options) throws IOException {
        try (Child next = launcher().run(options, List.of("echo", "second"))) {
            assertThat(next.awaitExit()).as("%s", next).isZero();
            assertThat(next.stdout()).isEqualTo("second\n");
        }
        assertThat(launcher().leftovers()).isEmpty();
    }

    @Test
    void stopEndsAWorkerThatHasNothingButItsEnvironment() throws IOException {
        List<String> server = List.of(
                "sh",
                "-c",
                "setsid sh -c 'echo $$ >" + folder.resolve("worker.pid")
                        + "; exec 3>&- 4>&- 5>&-; exec sleep 300' & wait");
        try (Child first = launcher().run(List.of("--grace", "500ms"), server)) {
            long worker = awaitWorker();
            Processes.signal(first.pid(), "KILL");
            first.awaitExitWithoutOutput();
            try (Child stop = launcher()
                    .command(List.of(
                            "stop",
                            "orders",
                            "--lock-dir",
                            folder.resolve("locks").toString()))) {
                assertThat(stop.awaitExit()).as("%s", stop).isZero();
                assertThat(stop.stdout()).isEqualTo("orders: stopped\n");
            }
            assertThat(Processes.isAlive(worker)).isFalse();
            assertThat(launcher().leftovers()).isEmpty();
        }
    }

    /** Has left its parent, its environment and all descriptors behind: only its process group tells where it belongs. */
    private List<String> serverOfAWorkerWithNothing() {
        String worker = "trap '' TERM; for fd in /proc/self/fd/*; do fd=${fd##*/};"
                + " [ $fd -le 2 ] || eval \"exec $fd>&-\"; done; echo $$ >" + folder.resolve("worker.pid")
                + "; while :; do sleep 300; done";
        return List.of(Programs.require("bash"), "-c", "(env -i bash -c \"$0\" &); exec sleep 300", worker);
    }

    /** The lock proves the server, and so the group that was made for it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void provedServerTakesItsGroupAlong(boolean isForced) throws IOException {
        List<String> options = List.of("--death-signal", "none", "--grace", "500ms");
        try (Child first = launcher().run(options, serverOfAWorkerWithNothing())) {
            long worker = awaitWorker();
            launcher().awaitRecordedServer("orders");
            Processes.signal(first.pid(), "KILL");
            first.awaitExitWithoutOutput();
            if (!isForced) {
                try (Child stop = launcher().command(onOrders("stop"))) {
                    assertThat(stop.awaitExit()).as("%s", stop).isZero();
                }
            }
            assertStarts(isForced ? List.of("--force") : List.of());
            assertThat(Processes.isAlive(worker)).isFalse();
        }
    }

    private List<String> onOrders(String verb) {
        return List.of(verb, "orders", "--lock-dir", folder.resolve("locks").toString());
    }

    /** Nothing proves the worker, so nobody is told to do what would be refused. */
    @Test
    void workerWithNothingIsToBeEndedByHand() throws IOException {
        try (Child first = launcher().run(List.of("--grace", "500ms"), serverOfAWorkerWithNothing())) {
            long worker = awaitWorkerOfADeadServer(first);
            for (List<String> options : List.of(List.<String>of(), List.of("--force"))) {
                assertRefusedForTheWorker(launcher().run(options, List.of("echo", "second")), worker);
            }
            assertRefusedForTheWorker(launcher().command(onOrders("stop")), worker);
            assertThat(Processes.isAlive(worker)).isTrue();
        }
    }

    /** A start that looks at what is left has the lock for a moment: no reason for a stop to find nothing. */
    @Test
    void stopBesideAStartFindsWhatIsLeft() throws IOException {
        try (Child first = launcher().run(List.of("--grace", "500ms"), serverOfAWorkerWithNothing())) {
            long worker = awaitWorkerOfADeadServer(first);
            for (int round = 0; round < 3; round++) {
                List<Child> starts = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    starts.add(launcher().run(List.of("--on-conflict", "skip"), List.of("echo", "second")));
                }
                assertRefusedForTheWorker(launcher().command(onOrders("stop")), worker);
                for (Child start : starts) {
                    try (start) {
                        start.awaitExit();
                        assertThat(start.stdout()).isEmpty();
                    }
                }
            }
            assertThat(Processes.isAlive(worker)).isTrue();
        }
    }

    private long awaitWorkerOfADeadServer(Child launcher) throws IOException {
        long worker = awaitWorker();
        launcher().awaitRecordedServer("orders");
        Processes.signal(launcher.pid(), "KILL");
        launcher.awaitExitWithoutOutput();
        await("the server's end")
                .atMost(SOON)
                .until(() -> launcher().statusJson("orders").contains("nobody holds the lock"));
        return worker;
    }

    private static void assertRefusedForTheWorker(Child command, long worker) throws IOException {
        try (command) {
            assertThat(command.awaitExit()).as("%s", command).isEqualTo(75);
            assertThat(command.stderr())
                    .contains("pid " + worker, "\n  not ended  ", "end it by hand")
                    .doesNotContain("holdfast stop", "FORCE_TERMINATE", "container");
        }
    }

    /** Who waits, waits for the end of what is left, too. */
    @Test
    void waiterWaitsForTheWorker() throws IOException {
        List<String> server = server("sh", false);
        try (Child first = launcher().run(List.of("--death-signal", "none"), server)) {
            long worker = awaitWorker();
            long main = Long.parseLong(Processes.stat(worker).orElseThrow()[1]);
            Processes.signal(first.pid(), "KILL");
            Processes.signal(main, "KILL");
            first.awaitExitWithoutOutput();
            try (Child next = launcher().run(List.of("--on-conflict", "wait"), List.of("echo", "second"))) {
                next.awaitErr("waiting for what is left of \"orders\"");
                assertThat(next.isAlive()).isTrue();
                Processes.descendants(worker).forEach(pid -> Processes.signal(pid, "KILL"));
                Processes.signal(worker, "KILL");
                assertThat(next.awaitExit()).as("%s", next).isZero();
                assertThat(next.stdout()).isEqualTo("second\n");
            }
        }
    }
}
