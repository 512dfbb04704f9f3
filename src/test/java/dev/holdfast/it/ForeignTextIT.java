package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Escape sequences (C0 and C1), bidirectional controls and invalid UTF-8, planted wherever text of others comes in: in
 * nothing that Holdfast prints do they reach a terminal.
 */
@Timeout(180)
class ForeignTextIT {
    private static final String EVIL = "a\u001B[31mb\u009B31mc\u202Ed\u2066e\u0007f\u2028g\u007F";
    private static final Pattern HARMFUL =
            Pattern.compile("[\\x00-\\x08\\x0B-\\x1F\\x7F\\x80-\\x9F\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]");

    @TempDir
    Path folder;

    private static void assertClean(Child child) {
        child.awaitExit();
        assertThat(HARMFUL.matcher(child.stdout()).find()).as(child.toString()).isFalse();
        assertThat(HARMFUL.matcher(child.stderr()).find()).as(child.toString()).isFalse();
    }

    private void clean(String... words) {
        try (Child child = Launcher.in(folder).command(List.of(words))) {
            assertClean(child);
        }
    }

    /** One after the other in one JVM: of ASCII, for the bytes of others are read from the command line of the process. */
    private void allClean(List<List<String>> lines) {
        for (Launcher.Answer answer : Launcher.in(folder).answers(lines)) {
            assertThat(HARMFUL.matcher(answer.stdout() + answer.stderr()).find())
                    .as(answer.toString())
                    .isFalse();
        }
    }

    private void cleanHere(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(1, List.of("--lock-dir", folder.toString()));
        clean(all.toArray(String[]::new));
    }

    @Test
    void argumentsAreCleanedInEveryComplaint() {
        clean(EVIL);
        clean("--" + EVIL);
        clean("status", "--" + EVIL);
        clean("status", EVIL);
        clean("stop", EVIL);
        clean("restart", EVIL);
        clean("reload", EVIL);
        clean("stop", "orders", "--grace", EVIL);
        clean("completion", EVIL);
        clean("help", EVIL);
        clean("lock", "--" + EVIL);
        clean("lock", "--timeout", EVIL, folder.resolve("file").toString(), "--", "true");
        clean("lock", "--on-timeout", EVIL, folder.resolve("file").toString(), "--", "true");
        clean("lock", folder.resolve("gone").resolve(EVIL).toString(), "--", "true");
        clean("lock", folder.resolve("file").toString(), "--", EVIL);
        for (String option : List.of(
                "--name",
                "--scope",
                "--lock-dir",
                "--lock-file",
                "--on-conflict",
                "--wait-timeout",
                "--grace",
                "--stop-signal",
                "--transport",
                "--app-version",
                "--death-signal",
                "--handoff",
                "--config",
                "--log-level",
                "--log-format",
                "--user",
                "--group",
                "--ready-log",
                "--ready-http",
                "--ready-port",
                "--env-file",
                "--cwd",
                "--kill-mode",
                "--umask")) {
            clean("run", option, EVIL, "--", "true");
        }
        clean("run", "--" + EVIL, "--", "true");
        cleanHere("run", "--", EVIL);
        cleanHere("run", "--", "/" + EVIL + "/" + EVIL);
    }

    @Test
    void explainAndItsJsonAreClean() {
        clean("run", "--explain", "--lock-dir", folder.resolve(EVIL).toString(), "--", EVIL, EVIL);
        clean(
                "run",
                "--explain",
                "--log-format",
                "json",
                "--lock-dir",
                folder.resolve(EVIL).toString(),
                "--",
                "true");
    }

    @Test
    void foldersAndFilesWithSuchNamesAreShownClean() throws IOException {
        Path evil = Files.createDirectory(folder.resolve(EVIL));
        Files.setPosixFilePermissions(evil, PosixFilePermissions.fromString("rwx------"));
        clean("run", "--lock-dir", evil.toString(), "--name", "orders", "--log-level", "debug", "--", "false");
        Files.createDirectory(evil.resolve("dir.lock"));
        Files.writeString(evil.resolve(EVIL + ".lock"), "garbage");
        clean("status", "--lock-dir", evil.toString());
        clean("status", "--json", "--lock-dir", evil.toString());
        clean("status", "dir", "--lock-dir", evil.toString());
        clean("stop", "dir", "--lock-dir", evil.toString());
        clean("run", "--name", "dir", "--lock-dir", evil.toString(), "--", "true");
        clean("lock", "--probe", evil.toString());
    }

    @Test
    void configurationIsQuotedClean() throws IOException {
        List<List<String>> runs = new ArrayList<>();
        for (String text : List.of(
                "\"" + EVIL.replace("\u001B", "\\u001b").replace("\u0007", "").replace("\u007F", "") + "\" = 1\n",
                EVIL + " = 1\n",
                "[\"" + EVIL + "\"]\n",
                "grace = \"" + "\\u001b[31m\u009b\u202e" + "\"\n",
                "name = \"" + "\u009b\u202e" + "\"\n")) {
            Path file = Files.writeString(folder.resolve("config" + runs.size() + ".toml"), text);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            List<String> words = List.of("run", "--config", file.toString(), "--name", "orders");
            runs.add(Stream.concat(words.stream(), Stream.of("--", "true")).toList());
            runs.add(Stream.concat(words.stream(), Stream.of("--explain", "--", "true"))
                    .toList());
        }
        allClean(runs);
    }

    @Test
    void environmentFilesAndVariablesAreQuotedClean() throws IOException {
        Path file = Files.writeString(folder.resolve("env"), "\u009b\u202eNAME\u001b=x\n");
        clean("run", "--env-file", file.toString(), "--name", "orders", "--lock-dir", folder.toString(), "--", "false");
        ProcessBuilder builder = Launcher.in(folder)
                .builder(List.of("run", "--name", "orders", "--lock-dir", folder.toString(), "--", "false"));
        builder.environment().put("HOLDFAST_\u009b\u202e", "x");
        builder.environment().put("HOLDFAST_GRACE", EVIL);
        builder.environment().put("FORCE_TERMINATE", EVIL);
        try (Child child = Child.start(builder)) {
            assertClean(child);
        }
    }

    /** A process names itself as it likes, prctl(2) PR_SET_NAME. */
    @ParameterizedTest
    @ValueSource(strings = {"a\\x1b[31mx", "a\\xc2\\x9b31mx", "a\\xe2\\x80\\xaex", "a\\xff\\xfe", "a\\nb\\x07"})
    void processesThatNameThemselvesSoAreShownClean(String name) {
        Programs.require("perl");
        Path file = folder.resolve("file");
        String naming = "open my $c, '>', '/proc/self/comm' or die; print $c \"" + name
                + "\"; close $c; $| = 1; print \"up\\n\"; sleep 100";
        String locking = "open my $f, '>', '" + file + "' or die; flock($f, 2) or die; ";
        try (Child holder = Child.start(new ProcessBuilder("perl", "-e", locking + naming))) {
            holder.awaitOut("up");
            clean("lock", "-v", "-n", file.toString(), "--", "true");
            clean("lock", "-v", "--timeout", "200ms", file.toString(), "--", "true");
        }
        String listener = "use IO::Socket::INET; my $s = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1')"
                + " or die; print $s->sockport, \"\\n\"; ";
        try (Child other = Child.start(new ProcessBuilder("perl", "-e", "$| = 1; " + listener + naming))) {
            String port = other.awaitOut("(?m)^(\\d+)$");
            other.awaitOut("up");
            cleanHere(
                    "run",
                    "--name",
                    "orders",
                    "--ready-port",
                    port,
                    "--ready-timeout",
                    "300ms",
                    "--grace",
                    "100ms",
                    "--",
                    "sleep",
                    "100");
        }
    }

    @Test
    void recordsAreShownClean() throws IOException {
        String evil = "a\\u001b[31m\\u009b\\u202e" + "b\u009b\u202e";
        List<List<String>> looks = new ArrayList<>();
        List<List<String>> starts = new ArrayList<>();
        for (String field : List.of(
                "name",
                "transport",
                "version",
                "startTime",
                "instanceId",
                "state",
                "bootId",
                "handOff",
                "holdfast",
                "host",
                "statusText")) {
            String record = "{\"pid\":1,\"startTime\":\"2026-05-02T09:14:03.875Z\",\"transport\":\"stdio\","
                    + "\"version\":\"1.0.0\",\"name\":\"orders\",\"" + field + "\":\"" + evil + "\"}";
            String locks = Files.createDirectory(folder.resolve("of-" + field)).toString();
            Path file = Files.writeString(Path.of(locks, "orders.lock"), record);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            looks.add(List.of("status", "--lock-dir", locks, "orders"));
            looks.add(List.of("status", "--lock-dir", locks, "orders", "--json"));
            starts.add(List.of("run", "--lock-dir", locks, "--name", "orders", "--log-level", "debug", "--", "false"));
        }
        allClean(looks);
        allClean(starts);
    }

    /** What the server tells of itself, sd_notify(3). */
    @ParameterizedTest
    @ValueSource(strings = {"text", "json"})
    void whatTheServerSaysIsShownClean(String format) {
        String perl =
                "use IO::Socket::UNIX; use Socket; socket(my $s, PF_UNIX, SOCK_DGRAM, 0); my $n = $ENV{NOTIFY_SOCKET};"
                        + " $n =~ s/^@/\\0/; send($s, \"STATUS=a\\x1b[31m\\xc2\\x9b\\xe2\\x80\\xae\\xff\\nREADY=1\", 0, sockaddr_un($n));"
                        + " $| = 1; print \"up\\n\"; sleep 100";
        try (Child run = Launcher.in(folder)
                .run(List.of("--log-level", "debug", "--log-format", format), List.of("perl", "-e", perl))) {
            run.awaitOut("up");
            run.awaitErr("is ready");
            cleanHere("status", "orders");
            cleanHere("status", "--json", "orders");
            run.signal("TERM");
            assertClean(run);
        }
    }
}
