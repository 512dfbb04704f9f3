package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Programs;
import dev.holdfast.testkit.SocketLoad;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The servers of the page on sockets, as they stand there, through a restart under load. */
@Timeout(180)
class ListenRecipesIT {
    private static final Path PAGE = Path.of("src/site/markdown/listen.md");
    private static final Path OVERLAP_PAGE = Path.of("src/site/markdown/redeploy.md");

    @TempDir
    Path folder;

    @Test
    void node() throws IOException {
        recipe("js", "server.js", List.of(), List.of(Programs.require("node"), "server.js"), 1);
    }

    @Test
    void python() throws IOException {
        recipe("python", "server.py", List.of(), List.of(Programs.require("python3"), "server.py"), 1);
    }

    @Test
    void nginx() throws IOException {
        List<String> command =
                List.of("env", "NGINX=3;", Programs.require("nginx"), "-p", folder.toString(), "-c", "nginx.conf");
        recipe("nginx", "nginx.conf", List.of("--stop-signal", "QUIT"), command, 1);
    }

    /** It drops what it has accepted at its end, so it is not restarted under load. */
    @Test
    @Tag("long")
    void java() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
        recipe("java", "Server.java", List.of("--listen-stdin"), List.of(java, "Server.java"), 0);
    }

    /** Ten restarts of servers that people have. */
    @Test
    @Tag("long")
    void nodeAndNginxThroughTenRestarts() throws IOException {
        recipe("js", "server.js", List.of(), List.of(Programs.require("node"), "server.js"), 10);
        List<String> command =
                List.of("env", "NGINX=3;", Programs.require("nginx"), "-p", folder.toString(), "-c", "nginx.conf");
        recipe("nginx", "nginx.conf", List.of("--stop-signal", "QUIT"), command, 10);
    }

    /** The server of the page on redeploys, started and redeployed by the words that stand there. */
    @Test
    void nodeWithAnOverlap() throws IOException {
        int port = SocketLoad.freePort();
        Files.writeString(folder.resolve("server.js"), block(OVERLAP_PAGE, "js"));
        Programs.require("node");
        Launcher launcher =
                Launcher.in(folder).env("HOLDFAST_HOME", folder.resolve("home").toString());
        try (Child start = overlapLine(launcher, "start", port)) {
            assertThat(start.awaitExit()).as("%s", start).isZero();
        }
        try (SocketLoad load = SocketLoad.begin(port, 200)) {
            await().atMost(Duration.ofSeconds(60)).until(() -> load.answered() > 20);
            try (Child redeploy = overlapLine(launcher, "redeploy", port)) {
                assertThat(redeploy.awaitExit()).as("%s", redeploy).isZero();
                assertThat(redeploy.stdout()).contains("version 2 in place of 1; one of them served all the time");
            }
            int last = load.answered();
            await().atMost(Duration.ofSeconds(60)).until(() -> load.answered() > last + 20);
            load.end();
            assertThat(load.failures()).isEmpty();
        } finally {
            try (Child stop = launcher.command(List.of("stop", "web", "--lock-dir", folder.toString()))) {
                stop.awaitExit();
            }
        }
    }

    /** One line of the page, in the folder of this test and at its port. */
    private Child overlapLine(Launcher launcher, String verb, int port) throws IOException {
        String line = Files.readString(OVERLAP_PAGE)
                .lines()
                .filter(each -> each.startsWith("holdfast " + verb + " ") && each.endsWith(" -- node server.js"))
                .filter(each -> verb.equals("start") || each.contains("--overlap"))
                .findFirst()
                .orElseThrow();
        List<String> words = new ArrayList<>(
                List.of(line.replace("8080", "127.0.0.1:" + port).split(" ", -1)));
        words.subList(0, 2).clear();
        words.add(0, verb);
        words.addAll(words.indexOf("--"), List.of("--lock-dir", folder.toString(), "--cwd", folder.toString()));
        return launcher.command(words);
    }

    private static String block(Path file, String language) throws IOException {
        String page = Files.readString(file);
        String begin = "```" + language + "\n";
        int start = page.indexOf(begin) + begin.length();
        assertThat(start).isGreaterThan(begin.length());
        return page.substring(start, page.indexOf("```", start));
    }

    private void recipe(String language, String file, List<String> more, List<String> command, int restarts)
            throws IOException {
        int port = SocketLoad.freePort();
        Files.writeString(folder.resolve(file), block(PAGE, language).replace("8080", Integer.toString(port)));
        List<String> options = new ArrayList<>(more);
        options.addAll(List.of("--cwd", folder.toString(), "--listen", "127.0.0.1:" + port));
        options.addAll(List.of("--ready-http", "http://127.0.0.1:" + port + "/", "--ready-timeout", "60s"));
        Launcher launcher = Launcher.in(folder);
        try (Child run = launcher.run(options, command)) {
            launcher.awaitState("orders", "ready");
            assertThat(SocketLoad.get("127.0.0.1", port)).as("%s", run).startsWith("hello");
            try (SocketLoad load = SocketLoad.begin(port, restarts > 1 ? 500 : 200)) {
                for (int i = 0; i < restarts; i++) {
                    int before = load.answered();
                    await().atMost(Duration.ofSeconds(60)).until(() -> load.answered() > before + 20);
                    try (Child restart =
                            launcher.command(List.of("restart", "orders", "--lock-dir", folder.toString()))) {
                        assertThat(restart.awaitExit()).as("%s", restart).isZero();
                    }
                }
                int last = load.answered();
                await().atMost(Duration.ofSeconds(60)).until(() -> load.answered() > last + 1);
                load.end();
                assertThat(load.failures()).as("%s", run).isEmpty();
                System.out.println("listen: " + file + " " + load.answered() + " requests, " + restarts
                        + " restarts, 0 failed, longest wait " + load.longestMillis() + " ms");
            }
            run.terminate();
            run.awaitExit();
        }
    }
}
