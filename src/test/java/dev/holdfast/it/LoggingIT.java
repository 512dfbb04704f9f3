package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.ForEachJava;
import dev.holdfast.testkit.Launcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The audit trail goes where it was asked to go, in the form that was asked for, and never harms the server. */
@Timeout(180)
class LoggingIT {
    private static final String LINE =
            "\\[\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d] \\[(DEBUG|INFO|WARN)] \\[\\d+-[0-9a-f]{8}] .+";

    @TempDir
    Path locks;

    @TempDir
    Path folder;

    /** Starts a server, stops it by TERM, and gives what was on stderr; stdout has the server's lines and no other. */
    private String stop(Launcher launcher, String... options) {
        try (Child run = launcher.run(List.of(options), Launcher.server())) {
            long server = run.awaitServer();
            run.signal("TERM");
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stdout()).matches("ready " + server + "\n(got (TERM|CONT)\n)+");
            return run.stderr();
        }
    }

    private String stop(String... options) {
        return stop(Launcher.in(locks), options);
    }

    @Test
    void stopIsToldByDefaultInTheLineFormat() {
        String log = stop();
        assertThat(log.lines())
                .isNotEmpty()
                .allMatch(line -> line.matches(LINE))
                .noneMatch(line -> line.contains("[DEBUG]"));
        assertThat(log).contains("stopping \"orders\"", "reason=SIGTERM");
    }

    @Test
    void quietTellsNothingOfAGoodStop() {
        assertThat(stop("-q")).isEmpty();
        assertThat(stop("--log-level", "warn")).isEmpty();
        assertThat(stop("--log-level=off")).isEmpty();
        assertThat(stop(Launcher.in(locks).env("HOLDFAST_LOGGING__LEVEL", "error")))
                .isEmpty();
    }

    @Test
    void verboseTellsMore() {
        String log = stop("-v");
        assertThat(log.lines()).allMatch(line -> line.matches(LINE)).anyMatch(line -> line.contains("[DEBUG]"));
        assertThat(log).contains("started \"orders\"");
    }

    /** Loading log4j takes longer than such a server lives, and throws away what tells of its end. */
    @ForEachJava
    void endOfAServerIsSeenThatEndsWhileTheLogFileIsOpened(Path home) {
        String file = folder.resolve("short.log").toString();
        for (int i = 0; i < 5; i++) {
            try (Child run = Launcher.in(locks).java(home).run(List.of("--log-file", file, "-v"), List.of("true"))) {
                assertThat(run.awaitExit()).as("%s", run).isZero();
            }
        }
        assertThat(folder.resolve("short.log")).content().contains("ended \"orders\"");
    }

    @Test
    void jsonLinesAreJson() throws IOException {
        String log = stop("-v", "--log-format", "json");
        ObjectMapper mapper = new ObjectMapper();
        assertThat(log.lines()).hasSizeGreaterThanOrEqualTo(3);
        String instance = "";
        for (String line : log.lines().toList()) {
            JsonNode node = mapper.readTree(line);
            assertThat(node.fieldNames()).toIterable().containsExactly("time", "level", "instance", "message");
            assertThat(node.get("time").asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
            assertThat(instance.isEmpty()
                            || instance.equals(node.get("instance").asText()))
                    .isTrue();
            instance = node.get("instance").asText();
        }
        assertThat(instance).matches("\\d+-[0-9a-f]{8}");
    }

    @Test
    void logFileIsAppendedToAndStderrStaysEmpty() throws IOException {
        Path log = folder.resolve("für.log");
        Files.writeString(log, "before\n");
        Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rw-r-----"));
        // Where the locale knows ASCII only, the file's name must not become another.
        assertThat(stop(Launcher.in(locks).env("LC_ALL", "C"), "-v", "--log-file", log.toString()))
                .isEmpty();
        assertThat(stop(Launcher.in(locks), "--log-file", log.toString(), "--log-format=json"))
                .isEmpty();
        List<String> lines = Files.readAllLines(log);
        assertThat(lines.get(0)).isEqualTo("before");
        assertThat(lines.get(1)).matches(LINE);
        assertThat(lines.get(lines.size() - 1)).startsWith("{").endsWith("}");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log)))
                .isEqualTo("rw-r-----");
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void newLogFileCannotBeWrittenByOthers() throws IOException {
        Path log = folder.resolve("new.log");
        stop("--log-file", log.toString());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log)))
                .matches("rw-r.-r?.?-?.*")
                .doesNotMatch("....w....|.......w.");
        assertThat(Files.readString(log)).contains("stopping \"orders\"");
    }

    @Test
    void logFileThatCannotBeOpenedDoesNotHarmTheServer() throws IOException {
        Path fifo = folder.resolve("fifo");
        try (Child mkfifo = Child.start(new ProcessBuilder("mkfifo", fifo.toString()))) {
            assertThat(mkfifo.awaitExit()).isZero();
        }
        for (Path bad : List.of(Path.of("/no/such/folder/log"), Path.of("/proc/no-log"), folder, fifo)) {
            String log = stop("--log-file", bad.toString());
            List<String> lines = log.lines().toList();
            assertThat(lines.get(0)).startsWith("holdfast: cannot log to \"" + bad + "\": ");
            assertThat(lines.subList(1, lines.size())).isNotEmpty().allMatch(line -> line.matches(LINE));
        }
    }

    @Test
    void log4jKeepsQuietWhateverTheServersLog4jIsTold() {
        Launcher launcher = Launcher.in(locks)
                .env("LOG4J_DEBUG", "true")
                .env("LOG4J2_DEBUG", "true")
                .env("LOG4J_STATUS_LOGGER_LEVEL", "TRACE")
                .env("LOG4J_CONFIGURATION_FILE", "/no/such/file")
                .env("LOG4J_LOGGER_CONTEXT_FACTORY", "no.such.Factory");
        assertThat(stop(launcher, "-v", "--log-file", folder.resolve("log").toString()))
                .isEmpty();
        assertThat(folder.resolve("log")).content().contains("stopping \"orders\"");
    }

    @Test
    void readerWhoDoesNotReadHoldsUpNoStop() {
        for (List<String> options : List.of(List.of("-v"), List.of("-v", "--log-format=json"))) {
            // stderr is a pipe that perl has filled and never reads.
            ProcessBuilder builder = Launcher.in(locks).builder(List.of());
            builder.command(
                    "perl",
                    "-e",
                    "pipe(R, W); require Fcntl; fcntl(W, 4, 2048); 1 while syswrite W, 'x' x 4096;"
                            + " 1 while syswrite W, 'x'; fcntl(W, 4, 0); $^F = 255;"
                            + " my $pid = fork; if (!$pid) { open(STDERR, '>&', \\*W); close R; close W;"
                            + " exec { $ARGV[0] } @ARGV } $| = 1; print \"launcher $pid\\n\"; waitpid $pid, 0;"
                            + " exit($? >> 8)");
            builder.command().addAll(Launcher.in(locks).wordsOfRun(options.toArray(String[]::new)));
            builder.command().addAll(Launcher.server("exit=3"));
            try (Child run = Child.start(builder)) {
                long launcher = Long.parseLong(run.awaitOut("launcher (\\d+)"));
                run.awaitServer();
                dev.holdfast.testkit.Processes.signal(launcher, "TERM");
                assertThat(run.awaitExit()).as("%s", run).isEqualTo(3);
            }
        }
    }
}
