package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.ForEachJava;
import dev.holdfast.testkit.Launcher;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is typed, passed or closed: one clear message, the right exit code, nothing on stdout and nothing left over;
 * and what is the server's reaches it byte for byte.
 */
@Timeout(180)
class BadInputIT {
    /** Prints its arguments and the variable TEXT as hexadecimal digits. */
    private static final String HEX =
            "print join(' ', map { unpack('H*', $_) } @ARGV), '|', unpack('H*', $ENV{TEXT} // ''), \"\\n\"";

    @TempDir
    Path locks;

    @TempDir
    Path folder;

    private Launcher launcher() {
        return Launcher.in(locks);
    }

    private void refused(List<String> options, List<String> command, int code, String firstLine) {
        refused(launcher(), options, command, code, firstLine);
    }

    private void refused(Launcher launcher, List<String> options, List<String> command, int code, String firstLine) {
        try (Child run = launcher.run(options, command)) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(code);
            assertThat(run.stdout()).isEmpty();
            String[] lines = run.stderr().split("\n");
            assertThat(lines[0]).matches("holdfast: " + firstLine);
            assertThat(lines).as("%s", run).allMatch(line -> line.startsWith("holdfast: ") || line.startsWith("  "));
            assertThat(run.stderr())
                    .doesNotContain("Exception", "\tat ", "dev.holdfast")
                    .endsWith("\n");
            assertThat(launcher.leftovers()).isEmpty();
        }
    }

    private void runs(Launcher launcher, List<String> command, String stdout) {
        try (Child run = launcher.run(List.of(), command)) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stdout()).isEqualTo(stdout);
            assertThat(run.stderr()).isEmpty();
            assertThat(launcher.leftovers()).isEmpty();
        }
    }

    private String file(String name, String permissions, byte... content) throws IOException {
        Path file = folder.resolve(name);
        Files.write(file, content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions))
                .toString();
    }

    private String script(String name, String text) throws IOException {
        return file(name, "rwxr-xr-x", text.getBytes(StandardCharsets.UTF_8));
    }

    /** Perl's words for "become the launcher", with bytes that no Java test can pass by itself. */
    private Child perl(Launcher launcher, String prologue, List<String> options, String... server) {
        List<String> words = new ArrayList<>(List.of(
                "perl",
                "-e",
                prologue + "; exec { $ARGV[0] } @ARGV or die",
                Launcher.executable().toString()));
        words.addAll(List.of("run", "--lock-dir", locks.toString(), "--name", "orders"));
        words.addAll(options);
        words.add("--");
        words.addAll(List.of(server));
        ProcessBuilder builder = launcher.builder(List.of());
        return Child.start(builder.command(words));
    }

    @Test
    void badOptionsAreUsage() {
        List<String> command = List.of("true");
        refused(List.of("--nmae", "x"), command, 64, "unknown option --nmae; did you mean --name\\?");
        refused(List.of("--grace", "0abc"), command, 64, "--grace \"0abc\" must be a duration.*");
        refused(List.of("--force=yes"), command, 64, "option --force takes no value");
        refused(List.of("--grace"), command, 64, "option --grace needs a value: 5s");
        refused(List.of("--x\n\u001b[1m"), command, 64, "unknown option --x\\?\\?\\[1m.*");
    }

    @Test
    void impossibleNamesAreUsage() {
        for (String name : List.of("", "a/b", "..\n", "n".repeat(65), "ö")) {
            refused(List.of("--name=" + name), List.of("true"), 64, "--name \".*\" must be 1 to 64 letters, .*");
        }
    }

    @Test
    void badVariablesAreConfigurationAndTheirValuesAreNotTold() {
        Launcher launcher = launcher().env("HOLDFAST_GRACE", "s3cret").env("HOLDFAST_TRANSPORT", "s3cret\n");
        try (Child run = launcher.run(List.of(), List.of("true"))) {
            assertThat(run.awaitExit()).isEqualTo(78);
            assertThat(run.stderr())
                    .hasLineCount(2)
                    .contains("holdfast: HOLDFAST_GRACE must be a duration, such as 500ms, 5s or 2m\n")
                    .contains("holdfast: HOLDFAST_TRANSPORT must be 1 to 64 printable ASCII characters\n");
            assertThat(run.stdout()).isEmpty();
        }
    }

    @Test
    void missingCommandIsUsage() {
        refused(List.of(), List.of(), 64, "no command to run; .*");
    }

    @Test
    void commandThatIsNotThereIs127() {
        refused(List.of(), List.of("no-such-command"), 127, "command \"no-such-command\" not found in PATH");
        refused(List.of(), List.of("/no/such"), 127, "command \"/no/such\" not found: no such file or directory");
        refused(List.of(), List.of(""), 127, "command \"\" not found in PATH");
        refused(List.of(), List.of("a\nb"), 127, "command \"a\\?b\" not found in PATH");
    }

    @Test
    void commandThatCannotBeRunIs126() throws IOException {
        refused(List.of(), List.of(folder.toString()), 126, "command \".*\" cannot be run: permission denied");
        refused(
                List.of(),
                List.of(file("plain", "rw-r--r--", (byte) 'x')),
                126,
                "command \".*/plain\" cannot be run: permission denied");
        refused(
                List.of(),
                List.of(script("orphan", "#!/no/such/interpreter\n")),
                126,
                "command \".*/orphan\" cannot be run: the interpreter that it names is not there");
        byte[] elf = new byte[64];
        System.arraycopy(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}, 0, elf, 0, 7);
        elf[16] = 2;
        elf[18] = 22; // EM_S390
        refused(
                List.of(),
                List.of(file("foreign", "rwxr-xr-x", elf)),
                126,
                "command \".*/foreign\" cannot be run: it is neither a program of this machine nor a script.*");
    }

    @Test
    void scriptWithoutInterpreterLineIsRunByTheShell() throws IOException {
        runs(launcher(), List.of(script("simple", "echo \"$0 $1\"\n"), "a b"), folder + "/simple a b\n");
        runs(launcher(), List.of(script("empty", "")), "");
    }

    @Test
    void commandIsLookedUpAsAShellWould() throws IOException {
        Files.createDirectory(folder.resolve("one"));
        Files.createDirectory(folder.resolve("two"));
        file("one/tool", "rw-r--r--", (byte) 'x');
        script("two/tool", "#!/bin/sh\necho two\n");
        String path = folder + "/one:" + folder + "/two:" + System.getenv("PATH");
        runs(launcher().env("PATH", path), List.of("tool"), "two\n");
        refused(
                launcher().env("PATH", folder + "/one:" + System.getenv("PATH")),
                List.of(),
                List.of("tool"),
                126,
                "command \"tool\" cannot be run: permission denied");
        Launcher withoutPath =
                launcher().env("PATH", "").java(Launcher.javaHomes().get(0));
        runs(withoutPath, List.of("echo", "hi"), "hi\n");
        ProcessBuilder relative = launcher()
                .builder(List.of("run", "--lock-dir", locks.toString(), "-n", "orders", "two/tool"))
                .directory(folder.toFile());
        try (Child run = Child.start(relative)) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stdout()).isEqualTo("two\n");
        }
    }

    @Test
    void closedStreamsAreNotTakenByOtherFiles() throws IOException {
        Map<String, List<Integer>> cases =
                Map.of("<&-", List.of(0), ">&-", List.of(1), "2>&-", List.of(2), "<&- >&- 2>&-", List.of(0, 1, 2));
        for (Map.Entry<String, List<Integer>> closed : cases.entrySet()) {
            Path out = folder.resolve("out");
            Files.deleteIfExists(out);
            ProcessBuilder builder = launcher().builder(List.of());
            List<String> words = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" " + closed.getKey(), "sh"));
            words.addAll(launcher().wordsOfRun());
            words.addAll(List.of(
                    "perl",
                    "-e",
                    "@l = map { readlink(\"/proc/$$/fd/$_\") } 0..2; open(O, '>', shift); print O join(' ', @l)",
                    out.toString()));
            builder.command(words);
            try (Child run = Child.start(builder)) {
                assertThat(run.awaitExit()).as("%s %s", closed, run).isZero();
                assertThat(run.stdout()).isEmpty();
                assertThat(run.stderr())
                        .as(closed.getKey())
                        .matches("(holdfast: standard (in|out)put is closed;.*\n)?");
            }
            String[] files = Files.readString(out).split(" ");
            for (int fd = 0; fd < 3; fd++) {
                String expected = closed.getValue().contains(fd) ? "/dev/null" : "pipe:.*|.*/stdout[0-9]+.txt";
                assertThat(files[fd])
                        .as("descriptor %d after %s", fd, closed.getKey())
                        .matches(expected);
            }
            assertThat(launcher().leftovers()).isEmpty();
        }
    }

    @Test
    void everyByteOfArgumentsAndEnvironmentReachesTheServer() {
        StringBuilder all = new StringBuilder();
        for (int b = 1; b < 256; b++) {
            all.append(String.format("%02x", b));
        }
        String prologue = "$ENV{TEXT} = pack('H*', '" + all + "'); push @ARGV, pack('H*', '" + all
                + "'), '', \"\\xff\", \"\\xc3\\xa4\", '?', '*', '@x', '-jar'";
        for (Path home : Launcher.javaHomes()) {
            for (String locale : List.of("C", "C.UTF-8", "")) {
                Launcher launcher = launcher().java(home).env("LC_ALL", locale).env("LANG", "C");
                try (Child run = perl(launcher, prologue, List.of(), "perl", "-e", HEX)) {
                    assertThat(run.awaitExit()).as("%s", run).isZero();
                    assertThat(run.stdout())
                            .as("%s %s", home, locale)
                            .isEqualTo(all + "  ff c3a4 3f 2a 4078 2d6a6172|" + all + "\n");
                    assertThat(run.stderr()).isEmpty();
                }
            }
        }
    }

    @Test
    void commandsPathNeedNotBeText() {
        String prologue = "$d = '" + folder + "/n' . pack('H*', 'ffe4'); mkdir $d; open(F, '>', \"$d/s\");"
                + " print F \"echo hi\\n\"; close F; chmod 0755, \"$d/s\"; push @ARGV, \"$d/s\"";
        for (String locale : List.of("C", "C.UTF-8")) {
            try (Child run = perl(launcher().env("LC_ALL", locale), prologue, List.of())) {
                assertThat(run.awaitExit()).as("%s", run).isZero();
                assertThat(run.stdout()).isEqualTo("hi\n");
            }
        }
        String path = prologue.replace("push @ARGV, \"$d/s\"", "$ENV{PATH} .= \":$d\"; push @ARGV, 's'");
        try (Child run = perl(launcher(), path, List.of())) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stdout()).isEqualTo("hi\n");
        }
    }

    @Test
    void largeAndManyArgumentsAndVariablesArePassedOn() {
        List<String> command = new ArrayList<>(List.of(
                "perl", "-e", "print length($ARGV[0]), ' ', scalar(@ARGV), ' ', scalar(grep { /^V_/ } keys %ENV)"));
        command.add("x".repeat(100_000));
        for (int i = 0; i < 10_000; i++) {
            command.add("arg" + i);
        }
        Launcher launcher = launcher();
        for (int i = 0; i < 1000; i++) {
            launcher.env("V_" + i, "value " + i);
        }
        runs(launcher, command, "100000 10001 1000");
    }

    @Test
    void launchersOwnVariablesAndShellLeaveTheServersEnvironmentAlone() {
        Launcher launcher = launcher();
        Map<String, String> users = new java.util.TreeMap<>();
        for (String name : List.of(
                "version",
                "home",
                "value",
                "command",
                "key",
                "lib",
                "bin",
                "self",
                "java",
                "link",
                "major",
                "archive",
                "signals",
                "variable",
                "JAVA",
                "holdfast_self",
                "holdfast_value",
                "holdfast_variable",
                "LC_ALL",
                "LC_CTYPE",
                "EMPTY")) {
            users.put(name, name.equals("EMPTY") ? "" : name.startsWith("LC_") ? "C" : "users-" + name);
        }
        users.forEach(launcher::env);
        String names = String.join(" ", users.keySet());
        StringBuilder expected = new StringBuilder();
        users.forEach(
                (name, value) -> expected.append(name).append('=').append(value).append('\n'));
        runs(
                launcher,
                List.of("perl", "-e", "print map { \"$_=$ENV{$_}\\n\" } split / /, shift", names),
                expected.toString());
        // A locale that was not set is not set afterwards, and nothing of the launcher's own is left.
        ProcessBuilder bare =
                launcher().builder(List.of("run", "--lock-dir", locks.toString(), "-n", "orders", "--", "env"));
        bare.environment()
                .keySet()
                .removeIf(name -> name.startsWith("LC_") || name.equals("LANG") || name.equals("HOLDFAST_HOME"));
        try (Child run = Child.start(bare)) {
            assertThat(run.awaitExit()).isZero();
            assertThat(run.stdout().lines())
                    .noneMatch(line -> line.startsWith("LC_") || line.startsWith("_JAVA"))
                    .filteredOn(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("holdfast"))
                    .extracting(line -> line.substring(0, line.indexOf('=')))
                    .containsExactlyInAnyOrder("HOLDFAST_NAME", "HOLDFAST_INSTANCE_ID", "HOLDFAST_LOCK_FILE");
        }
    }

    @ForEachJava
    void optionsOfJavaServersAreNotTheLaunchers(Path home) {
        List<String> names = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "_JAVA_SR_SIGNUM");
        for (String value : List.of("-XX:+NoSuchFlag '$x' \"y\"", "")) {
            Launcher launcher = launcher().java(home);
            StringBuilder expected = new StringBuilder();
            for (String name : names) {
                launcher.env(name, value);
                expected.append(name).append('=').append(value).append('\n');
            }
            runs(
                    launcher,
                    List.of(
                            "perl",
                            "-e",
                            "print map { \"$_=\" . ($ENV{$_} // 'unset') . \"\\n\" } split / /, shift",
                            String.join(" ", names)),
                    expected.toString());
        }
    }

    @Test
    void socketsOfTheServiceManagerReachTheServer() {
        String prologue = "use Socket; use POSIX (); socket($a, AF_INET, SOCK_STREAM, 0); socket($b, AF_INET,"
                + " SOCK_STREAM, 0);"
                + " POSIX::dup2(fileno $a, 20); POSIX::dup2(fileno $b, 21);"
                + " POSIX::dup2(20, 3); POSIX::dup2(21, 4); POSIX::close($_) for 5..30; $| = 1;"
                + " print join(' ', map { readlink \"/proc/$$/fd/$_\" } 3, 4), \"\\n\";"
                + " $ENV{LISTEN_FDS} = 2; $ENV{LISTEN_PID} = $$; $ENV{LISTEN_FDNAMES} = 'a:b'";
        String server = "print join(' ', map { readlink \"/proc/$$/fd/$_\" } 3, 4), \"\\n\","
                + " $ENV{LISTEN_PID} == $$ ? 'own' : 'other', \" $ENV{LISTEN_FDS} $ENV{LISTEN_FDNAMES}\\n\","
                + " -e \"/proc/$$/fd/5\" ? 5 : 'none', \"\\n\", \"@ARGV\\n\"";
        try (Child run = perl(launcher(), prologue, List.of(), "perl", "-e", server, "a  b", "$c")) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            String[] lines = run.stdout().split("\n");
            assertThat(lines).as("%s", run).hasSize(5);
            assertThat(lines[0]).matches("socket:\\[\\d+] socket:\\[\\d+]");
            assertThat(lines[1]).isEqualTo(lines[0]);
            assertThat(lines[2]).isEqualTo("own 2 a:b");
            assertThat(lines[3]).isEqualTo("none");
            assertThat(lines[4]).isEqualTo("a  b $c");
            assertThat(run.stderr()).isEmpty();
            assertThat(launcher().leftovers()).isEmpty();
        }
    }

    @Test
    void socketThatIsPromisedAndNotPassedIsAnError() {
        List<String> words = new ArrayList<>(List.of(
                "perl",
                "-e",
                "$ENV{LISTEN_FDS} = 2; $ENV{LISTEN_PID} = $$; exec @ARGV",
                Launcher.executable().toString(),
                "run",
                "--lock-dir",
                locks.toString(),
                "--",
                "true"));
        try (Child run = Child.start(new ProcessBuilder(words))) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(71);
            assertThat(run.stderr()).isEqualTo("holdfast: LISTEN_FDS is 2, but descriptor 3 is not open\n");
        }
    }

    @Test
    void socketsOfSomebodyElseAreNotPassedOn() {
        Launcher launcher = launcher().env("LISTEN_FDS", "2").env("LISTEN_PID", "1");
        runs(
                launcher,
                List.of("perl", "-e", "print -e \"/proc/$$/fd/3\" ? 3 : 'none', \" $ENV{LISTEN_PID}\""),
                "none 1");
    }
}
