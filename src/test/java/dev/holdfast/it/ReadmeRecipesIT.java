package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.McpClient;
import dev.holdfast.testkit.Programs;
import dev.holdfast.testkit.ScriptedServer;
import dev.holdfast.testkit.Sharing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The README's recipes do what is written above them; their options are read from it, their servers are the test's. */
@Timeout(180)
class ReadmeRecipesIT {
    @TempDir
    Path locks;

    @Test
    void containersServerIsStoppedGracefully() throws IOException {
        List<String> words = words("Container entry point");
        assertThat(words.subList(0, 4)).containsExactly("tini", "--", "holdfast", "run");
        List<String> command = new ArrayList<>(List.of(Programs.require("tini"), "--"));
        command.addAll(launcher()
                .builder(List.of("run", "--lock-dir", locks.toString()))
                .command());
        command.addAll(options("Container entry point"));
        command.add("--");
        command.addAll(Launcher.server("exit=7"));
        try (Child container = Child.start(new ProcessBuilder(command))) {
            container.awaitServer();
            container.signal("TERM");
            assertThat(container.awaitExit()).as("%s", container).isEqualTo(7);
            assertThat(container.stdout()).contains("got TERM");
        }
    }

    @Test
    void cronsSecondStartEndsQuietly() throws IOException {
        secondStartEndsQuietly("Cron");
    }

    private void secondStartEndsQuietly(String recipe) throws IOException {
        try (Child first = launcher().run(options(recipe), Launcher.server())) {
            first.awaitServer();
            try (Child second = launcher().run(options(recipe), Launcher.server())) {
                assertThat(second.awaitExit()).as("%s", second).isZero();
                assertThat(second.stdout() + second.stderr()).isEmpty();
            }
            assertThat(first.isAlive()).isTrue();
        }
    }

    @Test
    void redeploysNewVersionStartsWhenTheOldOneIsGone() throws IOException {
        assertThat(words("Redeploy").get(0)).isEqualTo("FORCE_TERMINATE=true");
        Launcher forced = launcher().env("FORCE_TERMINATE", "true");
        try (Child old = launcher().run(options("Redeploy"), Launcher.server("slow=300"));
                Child redeployed = afterServer(old, forced, options("Redeploy"))) {
            redeployed.awaitServer();
            assertThat(old.awaitExit()).as("%s", old).isZero();
            assertThat(old.stdout()).contains("got TERM");
        }
    }

    private static Child afterServer(Child old, Launcher forced, List<String> options) {
        old.awaitServer();
        return forced.run(options, Launcher.server());
    }

    @Test
    void clientsShareOneServerThatEndsWhenTheLastOneHasLeft() throws IOException {
        ScriptedServer server = new ScriptedServer(locks);
        List<String> options = new ArrayList<>(options("MCP server"));
        options.addAll(List.of("--linger", "0"));
        try (Sharing sharing = new Sharing(locks, server.command(), options.toArray(new String[0]))) {
            List<McpClient> clients = List.of(sharing.ready(), sharing.ready());
            assertThat(server.pids()).hasSize(1);
            for (McpClient client : clients) {
                client.closeStdin();
                assertThat(client.awaitExit()).as("%s", client).isZero();
            }
            await().until(() -> sharing.processes().isEmpty());
        }
    }

    private Launcher launcher() {
        return Launcher.in(locks);
    }

    /** What stands between {@code holdfast run} and the server's command. */
    private static List<String> options(String recipe) throws IOException {
        List<String> words = words(recipe);
        int run = words.indexOf("run");
        return words.subList(run + 1, run + words.subList(run, words.size()).indexOf("--"));
    }

    /** The words of the first block below a recipe's name, without what JSON puts around them. */
    private static List<String> words(String recipe) throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        String below = readme.substring(readme.indexOf("**" + recipe + ".**"));
        String block = below.split("```")[1];
        return List.of(block.substring(block.indexOf('\n') + 1)
                .replaceAll("(?m)^(CMD|ENTRYPOINT)|[\\[\\]{}\",]", " ")
                .trim()
                .split("\\s+"));
    }
}
