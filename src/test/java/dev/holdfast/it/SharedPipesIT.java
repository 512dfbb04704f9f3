package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.ForEachJava;
import dev.holdfast.testkit.McpClient;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.Programs;
import dev.holdfast.testkit.ScriptedServer;
import dev.holdfast.testkit.Sharing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The host of a shared server reads and writes its clients' own pipes, and lets go of them with the client's start. */
@Timeout(180)
class SharedPipesIT {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    /** Passes its own input and output on to what it starts, by sockets as Node does, or by a terminal. */
    private static final String RELAY = """
            import os, pty, socket, subprocess, sys, threading, tty
            if sys.argv[1] == "sockets":
                ours, theirs = [each.detach() for each in socket.socketpair()]
                back, output = [each.detach() for each in socket.socketpair()]
            else:
                ours, theirs = pty.openpty()
                tty.setraw(theirs)
                back, output = os.pipe()
            child = subprocess.Popen(sys.argv[2:], stdin=theirs, stdout=output)
            os.close(theirs)
            os.close(output)
            def copy(source, target):
                while piece := os.read(source, 65536):
                    while piece:
                        piece = piece[os.write(target, piece):]
            def send():
                copy(0, ours)
                os.close(ours)
            threading.Thread(target=send, daemon=True).start()
            copy(back, 1)
            sys.exit(child.wait())
            """;

    @TempDir
    Path folder;

    @TempDir
    Path locks;

    private ScriptedServer server;

    @BeforeEach
    void name() {
        server = new ScriptedServer(folder);
    }

    private Sharing sharing(String... options) {
        return new Sharing(locks, server.command(), options);
    }

    private static List<String> descriptors(long pid) {
        List<String> found = new ArrayList<>();
        try (Stream<Path> all = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            for (Path each : all.toList()) {
                found.add(target(each));
            }
        } catch (IOException e) {
            return found; // it has ended
        }
        return found;
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return ""; // closed meanwhile
        }
    }

    private static List<String> pipes(long start) {
        return List.of(Processes.descriptor(start, 0), Processes.descriptor(start, 1));
    }

    private static void awaitNoneOf(List<String> pipes, long pid) {
        await("the host's end of " + pipes)
                .atMost(DEADLINE)
                .untilAsserted(() -> assertThat(descriptors(pid)).doesNotContainAnyElementsOf(pipes));
    }

    @ForEachJava
    void hostHasTheClientsOwnPipesAndTheServerHasNot(Path java) {
        try (Sharing sharing = sharing("--restart", "on-failure")) {
            sharing.launcher().java(java);
            McpClient client = sharing.ready();
            List<String> pipes = pipes(client.pid());
            assertThat(descriptors(sharing.awaitHost())).containsAll(pipes);
            long first = Long.parseLong(client.awaitCall("pid", "{}"));
            Processes.signal(first, "KILL");
            Processes.awaitDeath(first);
            long second = Long.parseLong(client.awaitCall("pid", "{}"));
            assertThat(second).isNotEqualTo(first);
            assertThat(descriptors(second)).isNotEmpty().doesNotContainAnyElementsOf(pipes);
            client.closeStdin();
            assertThat(client.awaitExit()).isZero();
            awaitNoneOf(pipes, sharing.awaitHost());
        }
    }

    /** A terminal has its own rules: what is typed there is copied by the client's start. */
    @ParameterizedTest
    @CsvSource({"sockets, true", "terminal, false"})
    void onlyPipesAndSocketsAreHandedOver(String kind, boolean isHandedOver) {
        Programs.require("python3");
        try (Sharing sharing = sharing()) {
            ProcessBuilder start = sharing.start();
            List<String> relayed = new ArrayList<>(List.of("python3", "-c", RELAY, kind));
            relayed.addAll(start.command());
            McpClient client = sharing.client(start.command(relayed));
            client.initialize();
            List<Long> children = Processes.children(client.pid());
            assertThat(children).hasSize(1);
            List<String> pipes = pipes(children.get(0));
            assertThat(descriptors(sharing.awaitHost()).containsAll(pipes)).isEqualTo(isHandedOver);
            String text = "x".repeat(300_000);
            assertThat(client.awaitCall("echo", "{\"text\":\"" + text + "\"}")).isEqualTo(text);
            client.closeStdin();
            assertThat(client.awaitExit()).isZero();
            awaitNoneOf(pipes, sharing.awaitHost());
        }
    }

    /** Clients wait for the end of all their pipes, and not only for that of the process. */
    @ParameterizedTest
    @ValueSource(strings = {"KILL", "TERM"})
    void clientsPipesAreClosedWhenItsStartEnds(String signal) {
        try (Sharing sharing = sharing()) {
            McpClient client = sharing.ready();
            List<String> pipes = pipes(client.pid());
            long host = sharing.awaitHost();
            assertThat(descriptors(host)).containsAll(pipes);
            client.call("hang", "{}");
            await("the call").atMost(DEADLINE).until(() -> server.executions().contains("hang "));
            client.signal(signal);
            client.awaitExit();
            awaitNoneOf(pipes, host);
            await("its call's end").atMost(DEADLINE).until(() -> server.received("notifications/cancelled") == 1);
        }
    }

    @Test
    void clientIsServedWhileItsStartStandsStill() {
        try (Sharing sharing = sharing()) {
            McpClient client = sharing.ready();
            Processes.stop(client.pid());
            assertThat(client.awaitCall("echo", "{\"text\":\"still\"}")).isEqualTo("still");
            client.closeStdin();
            client.signal("CONT");
            assertThat(client.awaitExit()).isZero();
        }
    }
}
