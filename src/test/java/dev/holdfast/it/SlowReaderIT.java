package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Output that is looked through goes into one pipe that nobody reads for a while: nothing is lost, and no signal waits. */
@Timeout(180)
class SlowReaderIT {
    /** More than a test has: whoever has to wait for it fails. */
    private static final String LONG_GRACE = "5m";

    private static final int LINES = 30_000;

    @TempDir
    Path folder;

    private Path fifo;

    @BeforeEach
    void makePipe() {
        fifo = folder.resolve("fifo");
        try (Child mkfifo = Child.start(new ProcessBuilder("mkfifo", fifo.toString()))) {
            assertThat(mkfifo.awaitExit()).isZero();
        }
    }

    @Test
    void termIsPassedOnWhileTheReaderSleepsAndEndsTheWaitingForIt() throws IOException {
        // Two streams into one pipe: both poll as writable when there is room for one.
        String server = "my $d = shift; $SIG{ALRM} = sub { open my $f, '>', \"$d/stuck\" };"
                + " $SIG{TERM} = sub { open my $f, '>', \"$d/told\"; close $f; exit 7 };"
                + " while (1) { alarm 1; syswrite STDOUT, 'o' x 3000; syswrite STDERR, 'e' x 3000 }";
        try (Child reader = reader();
                Child run = run(LONG_GRACE, server)) {
            reader.awaitOut("opened");
            await().until(() -> Files.exists(folder.resolve("stuck")));
            run.signal("TERM");
            await().pollInterval(Duration.ofMillis(5)).until(() -> Files.exists(folder.resolve("told")));
            await().until(() -> Processes.descendants(run.pid()).isEmpty());
            assertThat(run.endsWithin(Duration.ofMillis(500)))
                    .as("waits for the reader")
                    .isFalse();
            assertEndsSoonAfterTerm(run);
        }
    }

    @Test
    void termAfterTheServersOwnEndIsHeeded() throws IOException {
        String server = "my $d = shift; syswrite STDOUT, 'o' x 100_000; open my $f, '>', \"$d/over\"; close $f; exit 7";
        try (Child reader = reader();
                Child run = run(LONG_GRACE, server)) {
            reader.awaitOut("opened");
            await().until(() -> Files.exists(folder.resolve("over")));
            await().until(() -> Processes.descendants(run.pid()).isEmpty());
            assertEndsSoonAfterTerm(run);
        }
    }

    /** No code but the server's: it ended by itself, and TERM only ended the waiting. */
    private static void assertEndsSoonAfterTerm(Child run) {
        run.signal("TERM");
        assertThat(run.endsWithin(Duration.ofSeconds(25))).isTrue();
        assertThat(run.awaitExitWithoutOutput()).isEqualTo(7);
    }

    @Test
    void nothingIsLostAndEachStreamKeepsItsOrder() throws IOException {
        String server = "my $d = shift; $SIG{ALRM} = sub { open my $f, '>', \"$d/stuck\" };"
                + " sub all { my ($h, $b) = @_; while (length $b) { alarm 1; my $n = syswrite $h, $b;"
                + " substr($b, 0, $n // 0) = '' } }"
                + " for (1.." + LINES
                + ") { my $l = $_; all(*STDOUT, \"$l.\"); $l =~ tr/0-9/a-j/; all(*STDERR, \"$l-\") }";
        try (Child reader = reader();
                Child run = run(LONG_GRACE, server)) {
            reader.awaitOut("opened");
            await().until(() -> Files.exists(folder.resolve("stuck")));
            reader.stdin().write("go\n".getBytes(StandardCharsets.US_ASCII));
            reader.stdin().flush();
            assertThat(run.awaitExit()).isZero();
            assertThat(reader.awaitExit()).isZero();
            String came = reader.stdout().substring("opened\n".length());
            StringBuilder numbers = new StringBuilder();
            for (int i = 1; i <= LINES; i++) {
                numbers.append(i).append('.');
            }
            String out = came.replaceAll("[a-j-]", "");
            assertThat(out.equals(numbers.toString()))
                    .as("stdout, %d", out.length())
                    .isTrue();
            StringBuilder letters = new StringBuilder();
            for (int i = 0; i < numbers.length(); i++) {
                char c = numbers.charAt(i);
                letters.append(c == '.' ? '-' : (char) (c - '0' + 'a'));
            }
            String err = came.replaceAll("[0-9.]", "");
            assertThat(err.equals(letters.toString()))
                    .as("stderr, %d", err.length())
                    .isTrue();
        }
    }

    /** Opens the pipe, and reads it when it is told to. */
    private Child reader() {
        return Child.start(
                new ProcessBuilder("sh", "-c", "exec 3<\"$0\"; echo opened; read go; exec cat <&3", fifo.toString()));
    }

    private Child run(String grace, String server) {
        List<String> words = new ArrayList<>(List.of("sh", "-c", "f=$1; shift; exec \"$@\" >\"$f\" 2>&1", "sh"));
        words.add(fifo.toString());
        words.addAll(Launcher.in(folder)
                .builder(List.of(
                        "run",
                        "--lock-dir",
                        folder.toString(),
                        "--name",
                        "orders",
                        "--grace",
                        grace,
                        "--log-file",
                        folder.resolve("log").toString(),
                        "--ready-log",
                        "never",
                        "--",
                        "perl",
                        "-e",
                        server,
                        folder.toString()))
                .command());
        ProcessBuilder builder = Launcher.in(folder).builder(List.of());
        return Child.start(builder.command(words));
    }
}
