package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ready is who was started, not who has its port; and a command of the user's own may tell. */
@Timeout(180)
class ReadyIdentityIT {
    private static final List<String> SERVER = List.of("sh", "-c", "echo ready $$; exec sleep 600");

    @TempDir
    Path folder;

    @Test
    void answerOfAnotherProcessIsNotThisServers() throws IOException {
        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        other.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        other.start();
        int port = other.getAddress().getPort();
        try (Child run = run("--ready-http", "http://127.0.0.1:" + port + "/up", "--ready-timeout", "5s")) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(143);
            assertThat(run.stderr())
                    .contains(
                            "\"orders\" is not ready in time: port " + port + " of this machine was answered by pid "
                                    + ProcessHandle.current().pid() + " (\"java\"), which is none of this server's",
                            "--ready-command")
                    .doesNotContain("/up");
        } finally {
            other.stop(0);
        }
    }

    @Test
    void commandTellsThatTheServerIsReady() throws IOException {
        Path up = folder.resolve("up");
        try (Child run = run(
                "--ready-command",
                "echo again >> runs; echo noise; echo noise >&2; test -e up",
                "--cwd",
                folder.toString())) {
            run.awaitServer();
            await().until(() -> Files.exists(folder.resolve("runs")) && Files.size(folder.resolve("runs")) > 12);
            assertThat(state()).contains("\"state\":\"starting\"");
            Files.createFile(up);
            run.awaitErr("\"orders\" is ready");
            long runs = Files.size(folder.resolve("runs"));
            run.signal("TERM");
            assertThat(run.awaitExit()).isEqualTo(143);
            assertThat(Files.size(folder.resolve("runs"))).isEqualTo(runs);
            assertThat(run.stderr() + run.stdout()).doesNotContain("noise", "left behind");
        }
    }

    @Test
    void commandThatNeverSucceedsIsNamed() {
        try (Child run = run("--ready-command", "exit 7", "--ready-timeout", "2s")) {
            assertThat(run.awaitExit()).isEqualTo(143);
            assertThat(run.stderr()).contains("not ready in time: the ready command ended with code 7");
        }
    }

    @Test
    void commandThatHangsIsEndedWithItsTreeAndDoesNotBlockTheLauncher() throws IOException {
        Path pids = folder.resolve("pids");
        try (Child run = run(
                "--ready-command",
                "sleep 601 & echo $! >> '" + pids + "'; sleep 602; true",
                "--hook-timeout",
                "300ms",
                "--grace", // more than the test has: whoever has to wait for it fails
                "5m")) {
            run.awaitServer();
            await().until(() -> Files.exists(pids) && Files.readAllLines(pids).size() > 2);
            run.signal("TERM");
            assertThat(run.awaitExit()).isEqualTo(143);
            assertThat(run.stderr()).doesNotContain("left behind");
            for (String pid : Files.readAllLines(pids)) {
                assertThat(Processes.isAlive(Long.parseLong(pid))).isFalse();
            }
        }
    }

    @Test
    void whatTheCommandLeavesRunningIsEnded() throws IOException {
        Path pids = folder.resolve("pids");
        try (Child run = run("--ready-command", "sleep 601 & echo $! >> '" + pids + "'")) {
            run.awaitServer();
            run.awaitErr("\"orders\" is ready");
            for (String pid : Files.readAllLines(pids)) {
                Processes.awaitDeath(Long.parseLong(pid));
            }
        }
    }

    private String state() {
        return Launcher.in(folder).statusJson("orders");
    }

    private Child run(String... options) {
        return Launcher.in(folder).run(List.of(options), SERVER);
    }
}
