package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A tree changes while it is told to stop: whoever dies first leaves its children to others, and some fork before they
 * end. Each process gets its TERM all the same, and nobody has to wait for the grace period.
 */
@Timeout(180)
class DyingMiddleIT {
    /** More than a test has: whoever has to wait for it fails. */
    private static final String GRACE = "5m";

    @TempDir
    Path folder;

    /** Says "worker" when it gets TERM, and ends at once. */
    private String worker(String name) throws IOException {
        Path script = folder.resolve("worker.sh");
        Files.writeString(
                script,
                "trap 'echo $1 >>" + told() + "; kill $sleep; exit 0' TERM\nsleep 300 & sleep=$!\necho $1 >>" + up()
                        + "\nwait\n");
        return "sh " + script + " " + name;
    }

    private Path told() {
        return folder.resolve("told");
    }

    private Path up() {
        return folder.resolve("up");
    }

    private List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private enum Shape {
        /** Shells in the middle that die of TERM at once. */
        CHAIN("sh -c \"sh -c '%s; true'; true\"; true", "a"),
        BROAD_CHAINS("sh -c '%s; true' & sh -c '%s; true' & sh -c '%s; true' & wait; true", "a b c"),
        /** Nobody's child, in a session of its own. */
        DOUBLE_FORK("(setsid sh -c '%s & wait; true' &) ; sleep 300; true", "a"),
        /** The middle forks another one while it ends. */
        FORKS_WHILE_IT_ENDS("sh -c 'trap \"%s & exit 0\" TERM; sleep 300 & echo m >>UP; wait; wait'; true", "late");

        private final String script;
        private final String workers;

        Shape(String script, String workers) {
            this.script = script;
            this.workers = workers;
        }

        List<String> workers() {
            return List.of(workers.split(" "));
        }
    }

    private String script(Shape shape) throws IOException {
        Object[] commands = new Object[shape.workers().size()];
        for (int i = 0; i < commands.length; i++) {
            commands[i] = worker(shape.workers().get(i));
        }
        return String.format(shape.script, commands).replace("UP", up().toString());
    }

    private Child start(Shape shape, String... options) throws IOException {
        List<String> all = new ArrayList<>(List.of("--grace", GRACE));
        all.addAll(Arrays.asList(options));
        Path locks = Files.createDirectories(folder.resolve("locks"));
        Child run = Launcher.in(locks).run(all, List.of("sh", "-c", script(shape)));
        int started = shape == Shape.FORKS_WHILE_IT_ENDS ? 1 : shape.workers().size();
        await().atMost(Duration.ofSeconds(30)).until(() -> lines(up()).size() == started);
        Launcher.in(locks).awaitRecordedServer("orders");
        run.noteTree();
        return run;
    }

    private void assertEndedByTerm(Child run, Shape shape) {
        assertThat(run.endsWithin(Duration.ofSeconds(40))).isTrue();
        if (shape == Shape.FORKS_WHILE_IT_ENDS) {
            // Its TERM may come before it has set its trap. Were it passed over, all would wait for the grace.
            assertThat(shape.workers()).as("%s", run).containsAll(lines(told()));
        } else {
            assertThat(lines(told())).as("%s", run).containsExactlyInAnyOrderElementsOf(shape.workers());
        }
        assertThat(run.stderr()).doesNotContain("SIGKILL");
    }

    @ParameterizedTest
    @EnumSource
    void everyProcessOfTheTreeGetsItsTerm(Shape shape) throws IOException {
        for (int i = 0; i < 3; i++) {
            Files.deleteIfExists(told());
            Files.deleteIfExists(up());
            try (Child run = start(shape)) {
                run.signal("TERM");
                assertEndedByTerm(run, shape);
            }
        }
    }

    /** The server ends by itself, and what it leaves is a tree with a middle. */
    @ParameterizedTest
    @EnumSource(names = {"CHAIN", "BROAD_CHAINS", "DOUBLE_FORK"})
    void whatAServerLeavesBehindGetsItsTerm(Shape shape) throws IOException {
        try (Child run = start(shape)) {
            String record = Files.readString(folder.resolve("locks/orders.lock"));
            long server = Long.parseLong(record.replaceAll("(?s).*\"serverPid\":(\\d+).*", "$1"));
            Processes.signal(server, "KILL");
            assertEndedByTerm(run, shape);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--kill-mode, group, CHAIN",
        "--kill-mode, group, BROAD_CHAINS",
        "--forward, tree, CHAIN",
        "--forward, tree, BROAD_CHAINS"
    })
    void groupAndTreeGetTheirsToo(String option, String value, Shape shape) throws IOException {
        for (int i = 0; i < 3; i++) {
            Files.deleteIfExists(told());
            Files.deleteIfExists(up());
            try (Child run = start(shape, option, value)) {
                run.signal("TERM");
                assertEndedByTerm(run, shape);
            }
        }
    }

    /** From outside, after the launcher's death, by whoever takes over. */
    @ParameterizedTest
    @EnumSource(names = {"CHAIN", "BROAD_CHAINS"})
    void takeoverOfAnOrphanedTreeReachesAll(Shape shape) throws IOException {
        try (Child run = start(shape, "--death-signal", "none")) {
            Processes.signal(run.pid(), "KILL");
            run.awaitExitWithoutOutput();
            try (Child next = Launcher.in(folder.resolve("locks")).run(List.of("--force"), List.of("true"))) {
                assertThat(next.awaitExit()).as("%s", next).isZero();
                assertThat(lines(told())).containsExactlyInAnyOrderElementsOf(shape.workers());
                assertThat(next.stderr()).doesNotContain("SIGKILL", "killing");
            }
        }
    }

    /** A worker that was asked runs a program in order to end well: that one is its affair, until it is left alone. */
    @Test
    void whatAWorkerRunsInOrderToEndWellIsNotStopped() throws IOException {
        Path script = folder.resolve("careful.sh");
        String helper = "sh -c \"sleep 0.5; echo saved >>" + told() + "\"";
        Files.writeString(
                script,
                "trap '" + helper + "; kill $sleep; exit 0' TERM\nsleep 300 & sleep=$!\necho up >>" + up()
                        + "\nwait\n");
        Path locks = Files.createDirectories(folder.resolve("locks"));
        List<String> server = List.of("sh", "-c", "sh " + script + "; true");
        try (Child run = Launcher.in(locks).run(List.of("--grace", GRACE), server)) {
            await().atMost(Duration.ofSeconds(30)).until(() -> lines(up()).size() == 1);
            run.signal("TERM");
            assertThat(run.endsWithin(Duration.ofSeconds(40))).isTrue();
            assertThat(lines(told())).as("%s", run).containsExactly("saved");
        }
    }
}
