package dev.holdfast.testkit;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The test server with its output in a file, for tests that kill its launcher. The JDK closes its end of a pipe when the
 * launcher dies, and the server would die of SIGPIPE when it says what it got.
 */
public final class RecordedServer {
    private static final Pattern PIDS = Pattern.compile("(?:ready|child) (\\d+)\n");

    private final Path file;

    /** In a folder of the test's own. */
    public RecordedServer(Path folder) {
        file = folder.resolve("output");
    }

    /** The server's command. */
    public List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" >\"$0\"", file.toString()));
        command.addAll(Launcher.server(arguments));
        return command;
    }

    /** Where its output is. */
    public Path file() {
        return file;
    }

    /** What it has written so far; empty when it was not started yet. */
    public String output() {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }

    /** Waits until it is ready, and gives its pid. */
    public long awaitServer() {
        return awaitPid("ready");
    }

    /** Waits for a line with such a word and a pid. */
    public long awaitPid(String word) {
        Pattern pattern = Pattern.compile(word + " (\\d+)\n");
        String text = await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(5))
                .until(this::output, now -> pattern.matcher(now).find());
        return pattern.matcher(text)
                .results()
                .findFirst()
                .map(found -> Long.valueOf(found.group(1)))
                .orElseThrow();
    }

    /** Kills the server and its children: what lost its launcher is nobody's child, and no {@link Child} would end it. */
    public void end() {
        PIDS.matcher(output())
                .results()
                .map(found -> Long.parseLong(found.group(1)))
                .filter(Processes::isAlive)
                .forEach(pid -> Processes.signal(pid, "KILL"));
    }
}
