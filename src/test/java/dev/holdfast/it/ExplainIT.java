package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.config.RunOption;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code run --explain} tells what would be done, does nothing, and fails as the run would. */
@Timeout(180)
class ExplainIT {
    @TempDir
    Path locks;

    @TempDir
    Path home;

    private Launcher launcher() {
        return Launcher.in(locks).env("HOLDFAST_HOME", home.toString());
    }

    private Path write(String text) throws IOException {
        Path file = Files.writeString(home.resolve("config.toml"), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    }

    private String explained(Launcher launcher, List<String> options, String... command) {
        List<String> all = new ArrayList<>(options);
        all.add("--explain");
        try (Child run = launcher.run(all, List.of(command))) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stderr()).isEmpty();
            return run.stdout();
        }
    }

    private JsonNode json(Launcher launcher, List<String> options, String... command) throws IOException {
        List<String> all = new ArrayList<>(options);
        all.add("--log-format=json");
        return new ObjectMapper().readTree(explained(launcher, all, command));
    }

    private static JsonNode setting(JsonNode explained, String key) {
        for (JsonNode row : explained.get("settings")) {
            if (row.get("key").asText().equals(key)) {
                return row;
            }
        }
        throw new AssertionError("no " + key + " in " + explained);
    }

    private static void assertSetting(JsonNode explained, String key, String value, String source) {
        assertThat(setting(explained, key).get("value").asText()).isEqualTo(value);
        assertThat(setting(explained, key).get("source").asText()).isEqualTo(source);
    }

    @Test
    void eachSettingIsShownWithItsSource() throws IOException {
        Path file = write("wait-timeout = 90\n[orders]\npre-start = \"echo s3cret\"\nreload-on-hup = true\n");
        Launcher launcher = launcher()
                .env("HOLDFAST_GRACE", "7s")
                .env("HOLDFAST_POST_STOP", "echo s3cret")
                .env("HOLDFAST_READY_HTTP", "http://me:s3cret@localhost:1/up")
                .env("OF_THE_SERVER", "s3cret");
        JsonNode explained = json(launcher, List.of("--umask=027", "--on-conflict=wait"), "sh", "-c", "exit s3cret");
        assertSetting(explained, "name", "orders", "--name");
        assertSetting(explained, "umask", "027", "--umask");
        assertSetting(explained, "explain", "true", "--explain");
        assertSetting(explained, "grace", "7s", "HOLDFAST_GRACE");
        assertSetting(explained, "wait-timeout", "90", file + ":1");
        assertSetting(explained, "reload-on-hup", "true", file + ":4");
        assertSetting(explained, "pre-start", "(set)", file + ":3");
        assertSetting(explained, "post-stop", "(set)", "HOLDFAST_POST_STOP");
        assertSetting(explained, "ready-http", "http://...@localhost:1/up", "HOLDFAST_READY_HTTP");
        assertSetting(explained, "scope", "machine", "default");
        assertSetting(explained, "force", "false", "default");
        assertThat(explained.get("settings")).hasSameSizeAs(Arrays.asList(RunOption.values()));
        assertThat(explained.toString()).doesNotContain("s3cret");
        assertThat(explained.get("plan").get("on conflict").asText()).contains("90s at most");
        assertThat(explained.get("plan").get("stop").asText())
                .isEqualTo("the signal that came to the server, and 7s later SIGKILL to it and all that descends from"
                        + " it");
        assertThat(explained.get("plan").get("hooks").asText()).startsWith("pre-start, post-stop, ");
    }

    @Test
    void nothingIsDone() throws IOException {
        Path touched = home.resolve("touched");
        Path log = home.resolve("log");
        String text = explained(launcher(), List.of("--log-file", log.toString()), "touch", touched.toString());
        assertThat(text)
                .startsWith("What this start of \"orders\" would do:\n")
                .contains("  command       " + "/", "/touch, with 1 argument\n")
                .contains("  lock file     " + locks.resolve("orders.lock") + "\n")
                .contains("  lock now      free\n")
                .contains("\nPromises on this system:\n")
                .doesNotContain(touched.toString());
        assertThat(touched).doesNotExist();
        assertThat(log).doesNotExist();
        assertThat(launcher().leftovers()).isEmpty();
    }

    @Test
    void heldLockAndTheConflictPolicyAreTold() throws IOException {
        Launcher launcher = launcher();
        try (Child run = launcher.run(List.of(), Launcher.server())) {
            run.awaitServer();
            JsonNode refused = json(launcher, List.of(), "true");
            assertThat(refused.get("verdict").asText()).isEqualTo("running");
            assertThat(refused.get("plan").get("lock now").asText())
                    .startsWith("held by pid " + run.pid() + ", started ");
            assertThat(refused.get("plan").get("this start").asText()).isEqualTo("would be refused with exit code 75");
            assertThat(explained(launcher, List.of("--force"), "true"))
                    .contains("  this start    would end it, once it is proved to hold the lock, and take over\n");
            assertThat(explained(launcher, List.of("--on-conflict=skip"), "true"))
                    .contains("  this start    would start nothing and exit with 0\n");
            assertThat(run.isAlive()).isTrue();
        }
    }

    @Test
    void staleFileIsTold() {
        Launcher launcher = launcher();
        try (Child run = launcher.run(List.of("--death-signal=none"), Launcher.server())) {
            long server = run.awaitServer();
            launcher.awaitRecordedServer("orders");
            run.signal("KILL");
            run.awaitExitWithoutOutput();
            assertThat(explained(launcher, List.of(), "true"))
                    .contains("held by the server pid " + server + ", whose launcher was killed");
            Processes.signal(server, "KILL");
            await().until(() -> explained(launcher, List.of(), "true")
                    .contains("free; an ended instance left its file, which would be overwritten"));
        }
    }

    @Test
    void weakerPromisesAreTold() throws IOException {
        Files.setPosixFilePermissions(locks, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(explained(launcher(), List.of(), "/bin/true"))
                .contains("  weaker: One holder: the lock folder is writable by all and not sticky")
                .contains("  death signal  SIGTERM from the kernel", "lives on with the lock");
        String text = explained(launcher().env("PATH", path()), List.of(), "/bin/true");
        assertThat(text).contains("  weaker: No lost signal: env cannot block signals here");
        assertThat(launcher().leftovers()).isEmpty();
    }

    /** A PATH with an env that cannot block signals. */
    private String path() throws IOException {
        Path bin = Files.createDirectory(home.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("readlink"), Path.of("/usr/bin/readlink"));
        Files.createSymbolicLink(bin.resolve("java"), Path.of(System.getProperty("java.home"), "bin/java"));
        Path env = Files.writeString(bin.resolve("env"), "#!/bin/sh\nexit 125\n");
        Files.setPosixFilePermissions(env, PosixFilePermissions.fromString("rwxr-xr-x"));
        return bin.toString();
    }

    @Test
    void whatTheRunWouldRefuseIsRefused() throws IOException {
        Refusal duration = new Refusal(64, "--grace \"soon\" must be a duration.*", "--grace=soon -- true");
        Refusal missing = new Refusal(127, "command \"no-such-command\" not found in PATH", "-- no-such-command");
        Refusal folder = new Refusal(126, "command \".*\" cannot be run: .*", "-- " + home);
        Refusal nowhere =
                new Refusal(73, "cannot make lock file \"/no/such/orders.lock\": .*", "--lock-dir=/no/such -- true");
        refused(List.of(duration, missing, folder, nowhere));
        Files.createDirectory(locks.resolve("orders.lock"));
        refused(List.of(new Refusal(77, "lock path .* is a directory.*", "-- true")));
        write("grace =");
        refused(List.of(new Refusal(78, ".*config.toml:1: syntax error: .*", "-- true")));
    }

    /** What a run with these words is refused with. */
    private record Refusal(int code, String firstLine, String words) {}

    /** All of them in one JVM, with and without an explanation. */
    private void refused(List<Refusal> refusals) {
        for (String explain : List.of("--explain", "--reload-on-hup")) {
            String start = "run --name=orders --lock-dir=" + locks + " " + explain + " ";
            List<Launcher.Answer> answers = launcher()
                    .answers(refusals.stream()
                            .map(refusal -> List.of((start + refusal.words()).split(" ")))
                            .toList());
            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).code())
                        .as("%s", answers)
                        .isEqualTo(refusals.get(i).code());
                assertThat(answers.get(i).stdout()).isEmpty();
                assertThat(answers.get(i).stderr().lines().findFirst().orElse(""))
                        .matches("holdfast: " + refusals.get(i).firstLine());
            }
        }
    }

    /** bin/holdfast blocks the signals before it knows what is asked for. */
    @Test
    void signalEndsAnExplanationThatNobodyReads() throws IOException {
        String fullPipe = "$^F = 99; pipe(R, W); fcntl(W, 4, 2048); 1 while syswrite(W, 'x' x 4096);"
                + " 1 while syswrite(W, 'x'); fcntl(W, 4, 0); open(STDOUT, '>&', W); exec { $ARGV[0] } @ARGV or die";
        ProcessBuilder builder =
                launcher().builder(List.of("run", "--explain", "--lock-dir", locks.toString(), "--", "true"));
        List<String> words = new ArrayList<>(List.of("perl", "-e", fullPipe));
        words.addAll(builder.command());
        try (Child run = Child.start(builder.command(words))) {
            await().until(() -> letsTermThrough(run.pid()));
            run.signal("TERM");
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(128 + 15);
        }
    }

    /** Whether a JVM runs under this pid, and a thread of it has the signal unblocked. */
    private static boolean letsTermThrough(long pid) throws IOException {
        if (!Files.readString(Path.of("/proc/" + pid + "/comm")).startsWith("java")) {
            return false;
        }
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
            return threads.anyMatch(thread -> {
                String blocked =
                        Processes.statusLine(Long.parseLong(thread.getFileName().toString()), "SigBlk");
                return !blocked.isEmpty() && (Long.parseUnsignedLong(blocked, 16) >> 14 & 1) == 0;
            });
        }
    }
}
