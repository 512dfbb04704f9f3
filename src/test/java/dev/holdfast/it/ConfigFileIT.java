package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The configuration file, by the real program: who beats whom, and one clear line for each thing that is wrong. */
@Timeout(180)
class ConfigFileIT {
    @TempDir
    Path locks;

    @TempDir
    Path home;

    private Path config() {
        return home.resolve("config.toml");
    }

    private void write(String text) throws IOException {
        Files.writeString(config(), text);
        permit("rw-r--r--");
    }

    private void permit(String permissions) throws IOException {
        Files.setPosixFilePermissions(config(), PosixFilePermissions.fromString(permissions));
    }

    private Launcher launcher() {
        return Launcher.in(locks).env("HOLDFAST_HOME", home.toString());
    }

    /** A server that ends with 3, of which the settings make something else. */
    private void endsWith(int code, Launcher launcher, String... options) {
        try (Child run = launcher.run(List.of(options), List.of("sh", "-c", "exit 3"))) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(code);
            assertThat(run.stderr()).isEmpty();
        }
        assertThat(launcher.leftovers()).isEmpty();
    }

    private void refused(int code, Launcher launcher, List<String> options, String... lines) {
        try (Child run = launcher.run(options, List.of("true"))) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(code);
            assertThat(run.stdout()).isEmpty();
            assertThat(run.stderr().lines().filter(line -> !line.startsWith("  ")))
                    .containsExactly(lines);
        }
        assertThat(launcher.leftovers()).isEmpty();
    }

    private static void tool(String... words) throws IOException {
        try (Child tool = Child.start(new ProcessBuilder(words))) {
            assertThat(tool.awaitExit()).as("%s", tool).isZero();
        }
    }

    @Test
    void flagBeatsVariableBeatsInstancesTableBeatsTopLevelBeatsDefault() throws IOException {
        endsWith(3, launcher());
        write("map-exit = \"3=4\"\n[orders]\nmap-exit = [\"3=5\"]\n[other]\nmap-exit = [\"3=6\"]\n");
        endsWith(4, launcher(), "--name=unlisted");
        endsWith(5, launcher());
        endsWith(7, launcher().env("HOLDFAST_MAP_EXIT", "3=7"));
        endsWith(8, launcher().env("HOLDFAST_MAP_EXIT", "3=7"), "--map-exit=3=8");
        endsWith(3, launcher(), "--config=/dev/null");
    }

    @Test
    void fileIsFoundByFlagVariableAndHome() throws IOException {
        write("map-exit = \"3=4\"\n");
        Launcher elsewhere = Launcher.in(locks);
        endsWith(4, elsewhere, "--config", config().toString());
        endsWith(4, Launcher.in(locks).env("HOLDFAST_CONFIG", config().toString()));
        Path link = Files.createSymbolicLink(home.resolve("link.toml"), config());
        endsWith(4, elsewhere, "--config", link.toString());
        Files.createDirectory(home.resolve(".holdfast"));
        Files.move(config(), home.resolve(".holdfast/config.toml"));
        endsWith(4, Launcher.in(locks).env("HOLDFAST_HOME", "").env("HOME", home.toString()));
    }

    @Test
    void everythingThatIsWrongIsToldTogetherAndTheCodeSaysWhere() throws IOException {
        write("graec = 1\nrestart = \"sometimes\"\n[other]\numask = 22\n");
        String at = "holdfast: " + config() + ":";
        String[] lines = {
            at + "1: unknown key \"graec\"; did you mean grace?",
            at + "4: umask must be a string, not a number",
            "holdfast: HOLDFAST_SCOPE must be one of machine, user",
            at + "2: restart must be one of no, on-failure, always"
        };
        refused(78, launcher().env("HOLDFAST_SCOPE", "galaxy"), List.of(), lines);
        lines[2] = "holdfast: --scope \"galaxy\" must be one of machine, user";
        refused(64, launcher(), List.of("--scope=galaxy"), lines);
    }

    @Test
    void syntaxErrorIsOneLine() throws IOException {
        write("grace = \"5s\"\nrestart = \"always\n");
        refused(
                78,
                launcher(),
                List.of(),
                "holdfast: " + config() + ":2: syntax error: a value, a quote or a bracket is missing");
    }

    @Test
    void missingFileIsAnErrorOnlyWhenItWasNamed() {
        endsWith(3, launcher());
        String missing = "names a file that is not there, or cannot be reached";
        refused(64, launcher(), List.of("--config=/no/such"), "holdfast: --config \"/no/such\" " + missing);
        refused(78, launcher().env("HOLDFAST_CONFIG", "/no/such"), List.of(), "holdfast: HOLDFAST_CONFIG " + missing);
    }

    @Test
    void fifoIsRefusedNotWaitedFor() throws IOException {
        tool("mkfifo", config().toString());
        String text = "\" is a FIFO, not a regular file";
        refused(78, launcher(), List.of(), "holdfast: configuration file \"" + config() + text);
        refused(
                64,
                launcher(),
                List.of("--config", config().toString()),
                "holdfast: --config \"" + config() + "\" names a FIFO, not a regular file");
    }

    @Test
    void fileThatAnotherUserCanWriteIsRefused() throws IOException {
        write("");
        permit("rw-r--rw-");
        String file = "holdfast: configuration file \"" + config() + "\" ";
        refused(
                78,
                launcher(),
                List.of(),
                file + "can be written by other users (mode 0646), who could have commands run; chmod go-w it");
    }

    @Test
    void fileOfAnotherUserIsRefusedAndOneThatCannotBeReadIsTold() throws IOException {
        assumeTrue(System.getProperty("user.name").equals("root"), "needs root");
        write("");
        tool("chown", "65534", config().toString());
        String file = "holdfast: configuration file \"" + config() + "\" ";
        refused(
                78,
                launcher(),
                List.of(),
                file + "belongs to another user (uid 65534), who could have commands run; use a file of your own or of"
                        + " root");
        tool("chown", "0", config().toString());
        permit("rw-------");
        tool("chmod", "755", home.toString());
        tool("chmod", "777", locks.toString());
        List<String> words = new ArrayList<>(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
        ProcessBuilder builder =
                launcher().builder(List.of("run", "--lock-dir", locks.toString(), "-n", "orders", "--", "true"));
        words.addAll(builder.command());
        try (Child run = Child.start(builder.command(words))) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(78);
            assertThat(run.stderr()).isEqualTo(file + "cannot be read: permission denied\n");
        }
    }

    @Test
    void statusAndStopFindWhatTheFileStarted() throws IOException {
        write("graec = \"a mistake that does not hinder them\"\n[orders]\nlock-file = \"" + locks.resolve("x.lock")
                + "\"\n[billing]\nlock-dir = \"" + locks + "\"\nscope = \"user\"\n");
        for (String name : List.of("orders", "billing")) {
            List<String> byFlag = name.equals("orders")
                    ? List.of("--lock-file", locks.resolve("x.lock").toString())
                    : List.of("--lock-dir", locks.toString(), "--scope=user");
            List<String> words = new ArrayList<>(List.of("run", "--config=/dev/null", "--name", name));
            words.addAll(byFlag);
            words.addAll(Launcher.server());
            try (Child run = launcher().command(words)) {
                run.awaitServer();
                try (Child status = launcher().command(List.of("status", name));
                        Child blind = launcher().command(List.of("status", name, "--config", "/dev/null"))) {
                    assertThat(status.awaitExit()).as("%s", status).isZero();
                    assertThat(blind.awaitExit()).as("%s", blind).isEqualTo(3);
                }
                try (Child stop = launcher().command(List.of("stop", name))) {
                    assertThat(stop.awaitExit()).as("%s", stop).isZero();
                    assertThat(stop.stdout()).isEqualTo(name + ": stopped\n");
                }
                run.awaitExit();
            }
        }
        write("lock-dir = \n");
        try (Child stop = launcher().command(List.of("stop", "orders"))) {
            assertThat(stop.awaitExit()).isEqualTo(78);
            assertThat(stop.stderr()).startsWith("holdfast: " + config() + ":1: syntax error");
        }
    }

    @Test
    void withoutAFileNothingOfTomlIsLoaded() throws IOException {
        assertThat(loadedClasses()).isNotEmpty().noneMatch(ConfigFileIT::isForTheFile);
        write("grace = \"5s\"\n");
        assertThat(loadedClasses()).anyMatch(ConfigFileIT::isForTheFile);
    }

    private static boolean isForTheFile(String type) {
        return type.contains("jackson") || type.contains("/Toml") || type.contains("/ConfigFile");
    }

    private List<String> loadedClasses() throws IOException {
        Path list = home.resolve("classes");
        Launcher launcher = launcher()
                .env("HOLDFAST_JAVA_OPTIONS", "-XX:DumpLoadedClassList=" + list)
                .env("HOLDFAST_NO_ARCHIVE", "1");
        try (Child run = launcher.run(List.of(), List.of("true"))) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
        }
        return Files.readAllLines(list);
    }
}
