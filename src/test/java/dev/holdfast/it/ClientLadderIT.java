package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.StopLadder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The ways in which AI clients end their servers, each against servers that heed it and servers that do not: whatever the
 * client does, its next start succeeds, and nothing is left.
 */
@Timeout(300)
class ClientLadderIT {
    private static final int AT_ONCE = 12;

    @TempDir
    Path folder;

    /** What a client does, in steps of a {@link StopLadder}. */
    private enum Ladder {
        TYPESCRIPT_SDK("EOF 2000 TERM 2000 KILL"),
        TYPESCRIPT_PROBE("EOF TERM 1000 KILL"),
        PYTHON_SDK("EOF 2000 -TERM 2000 -KILL"),
        JAVA_SDK("100 TERM"),
        CODEX("-TERM 2000 -KILL"),
        CLAUDE_CODE("INT 100 TERM 400 KILL"),
        END_OF_INPUT_ONLY("EOF"),
        INTERRUPT_ONLY("INT"),
        VS_CODE("EOF 10000 TERM 10000 KILL"),
        RUST_SDK("KILL");

        private final String steps;

        Ladder(String steps) {
            this.steps = steps;
        }
    }

    private enum Server {
        HONEST("exec cat"),
        SLOW("exec 3<&0; trap 'sleep 1.5; exit 0' TERM INT; cat <&3 & wait $!; sleep 1.5"),
        DEAF_TO_END_OF_INPUT("exec sleep 300"),
        DEAF_TO_ALL("trap '' TERM INT; while :; do sleep 300; done"),
        SHELL("sleep 300; true"),
        RUNNER("trap : INT; sleep 300 & while kill -0 $! 2>&-; do wait $!; done");

        private final String script;

        Server(String script) {
            this.script = script;
        }
    }

    /** How long the client takes to start it again. */
    private static final int[] NEXT_MILLIS = {0, 17, 1000};

    /** One of three, in turn; all of them in the long form. */
    @Test
    void nextStartSucceedsAndNothingIsLeft() throws Exception {
        boolean isLong = "long".equals(System.getProperty("holdfast.stress"));
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<String>> results = new ArrayList<>();
            int cell = 0;
            for (Ladder ladder : Ladder.values()) {
                for (Server server : Server.values()) {
                    for (int i = 0; i < NEXT_MILLIS.length; i++) {
                        if (isLong || i == cell % NEXT_MILLIS.length) {
                            int millis = NEXT_MILLIS[i];
                            results.add(threads.submit(() -> play(ladder, server, millis)));
                        }
                    }
                    cell++;
                }
            }
            List<String> problems = new ArrayList<>();
            for (Future<String> result : results) {
                problems.add(result.get());
            }
            problems.removeIf(String::isEmpty);
            assertThat(problems).isEmpty();
        } finally {
            threads.shutdownNow();
        }
    }

    /** What went wrong; empty when nothing did. */
    private String play(Ladder ladder, Server server, int millis) throws IOException {
        String cell = ladder + "-" + server + "-" + millis;
        Path locks = Files.createDirectory(folder.resolve(cell));
        Launcher launcher = Launcher.in(locks).env("LADDER_CELL", locks.toString());
        try (Child client = Child.start(inOwnSession(launcher, server.script))) {
            launcher.awaitRecordedServer("orders");
            StopLadder.climb(ladder.steps, client);
            if (!client.endsWithin(Duration.ofSeconds(40))) {
                return cell + ": still running after its ladder: " + client;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
            try (Child next = Child.start(inOwnSession(launcher, "echo next"))) {
                int code = next.awaitExit(Duration.ofSeconds(40));
                if (code != 0 || !next.stdout().equals("next\n")) {
                    return cell + ": next start: " + next + "\nfirst: " + client;
                }
            }
            await("what is left of " + cell)
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> marked(locks).isEmpty());
            return launcher.leftovers().isEmpty() ? "" : cell + ": files left: " + launcher.leftovers();
        } finally {
            marked(locks).forEach(pid -> Processes.signal(pid, "KILL"));
        }
    }

    private static ProcessBuilder inOwnSession(Launcher launcher, String script) {
        ProcessBuilder builder = launcher.builder(List.of("--transport", "stdio"), List.of("sh", "-c", script));
        builder.command().add(0, "setsid");
        return builder;
    }

    /** The processes that were started for one cell. */
    private static List<Long> marked(Path cell) {
        return Processes.withVariable("LADDER_CELL", cell.toString());
    }
}
