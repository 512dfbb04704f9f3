package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.ForEachJava;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Programs;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code bin/holdfast} starts from anywhere, finds its Java or says why not, and adds nothing to the streams. */
@Timeout(180)
class LaunchScriptIT {
    private static final Path APPLICATION =
            Launcher.executable().resolve("../..").normalize();

    /** The application in a folder with an awkward name, which is also another one than its archive was made for. */
    @TempDir
    static Path elsewhere;

    private static Path copy = Path.of("/");

    @TempDir
    Path locks;

    @TempDir
    Path folder;

    @BeforeAll
    static void copyTheApplication() throws IOException {
        Path from = APPLICATION;
        copy = elsewhere.resolve("an 'odd' \"name\" $x * für");
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(target(dir));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, target(file), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
                return FileVisitResult.CONTINUE;
            }

            private Path target(Path file) {
                return copy.resolve(from.relativize(file).toString());
            }
        });
        // Nobody may write there from now on, root aside, and all may read.
        chmod("a+rX,a-w", copy);
        Files.setPosixFilePermissions(elsewhere, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @AfterAll
    static void makeWritableAgain() {
        chmod("u+w", copy);
    }

    private static void chmod(String mode, Path path) {
        try (Child chmod = Child.start(new ProcessBuilder("chmod", "-R", mode, path.toString()))) {
            assertThat(chmod.awaitExit()).as("%s", chmod).isZero();
        }
    }

    /** Runs a holdfast, or a command that ends in one, with {@code run -- echo hi} behind it. */
    private Child start(Path workingDirectory, Map<String, String> environment, String... holdfast) {
        List<String> words = new ArrayList<>(List.of(holdfast));
        words.addAll(List.of("run", "--lock-dir", locks.toString(), "--name", "orders", "--", "echo", "hi"));
        ProcessBuilder builder = new ProcessBuilder(words).directory(workingDirectory.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("HOLDFAST_"));
        builder.environment().put("HOLDFAST_HOME", Launcher.home(locks).toString());
        // Nothing shall be made in a folder that is about to be deleted; see ArchiveIT.
        builder.environment().put("HOLDFAST_NO_ARCHIVE", "1");
        builder.environment().putAll(environment);
        return Child.start(builder);
    }

    private void saysHi(Path workingDirectory, Map<String, String> environment, String... holdfast) {
        try (Child run = start(workingDirectory, environment, holdfast)) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stdout()).isEqualTo("hi\n");
            assertThat(run.stderr()).isEmpty();
        }
    }

    private void fails(Map<String, String> environment, String message) {
        try (Child run = start(folder, environment, Launcher.executable().toString())) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(71);
            assertThat(run.stdout()).isEmpty();
            assertThat(run.stderr()).matches("holdfast: " + message + "\n");
            assertThat(locks).isEmptyDirectory();
        }
    }

    private Path script(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void startsFromAnyWorkingDirectory() {
        Path bin = APPLICATION.resolve("bin");
        saysHi(Path.of("/"), Map.of(), Launcher.executable().toString());
        saysHi(bin, Map.of(), "./holdfast");
        saysHi(APPLICATION, Map.of(), "bin/holdfast");
        saysHi(APPLICATION, Map.of(), "././bin/holdfast");
        saysHi(bin.resolve(".."), Map.of(), "../" + APPLICATION.getFileName() + "/bin/../bin/holdfast");
        saysHi(bin, Map.of(), "sh", "holdfast");
    }

    @Test
    void startsThroughSymbolicLinks() throws IOException {
        Path absolute = Files.createSymbolicLink(folder.resolve("absolute"), Launcher.executable());
        Path sub = Files.createDirectory(folder.resolve("a b"));
        Files.createSymbolicLink(sub.resolve("relative"), Path.of("../absolute"));
        Path chain = Files.createSymbolicLink(folder.resolve("chain"), Path.of("a b/relative"));
        saysHi(folder, Map.of(), absolute.toString());
        saysHi(folder, Map.of(), "./a b/relative");
        saysHi(sub, Map.of(), "../chain");
        saysHi(folder, Map.of("PATH", sub + ":" + System.getenv("PATH")), "env", "relative");
        assertThat(chain).isSymbolicLink();
    }

    @Test
    void startsThroughPath() {
        Path bin = APPLICATION.resolve("bin");
        saysHi(folder, Map.of("PATH", bin + ":" + System.getenv("PATH")), "env", "holdfast");
        saysHi(bin, Map.of("PATH", ".:" + System.getenv("PATH")), "env", "holdfast");
    }

    @Test
    void movedReadOnlyApplicationWithAnOddNameJustWorks() throws IOException {
        String holdfast = copy.resolve("bin/holdfast").toString();
        saysHi(folder, Map.of(), holdfast);
        saysHi(copy.resolve("bin"), Map.of("LC_ALL", "C"), "./holdfast");
        Path link = Files.createSymbolicLink(folder.resolve("hf"), Path.of(holdfast));
        saysHi(folder, Map.of("LC_ALL", "", "LANG", ""), link.toString());
        for (Path home : Launcher.javaHomes()) {
            saysHi(folder, Map.of("JAVA_HOME", home.toString(), "LC_ALL", "C"), holdfast);
        }
    }

    @Test
    void otherUsersMayRunAReadOnlyApplication() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "needs setpriv");
        Files.setPosixFilePermissions(locks, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        String holdfast = copy.resolve("bin/holdfast").toString();
        // A folder that is open to all and not sticky is warned of, which is not the question here.
        chmod("+t", locks);
        saysHi(folder, Map.of(), "setpriv", "--reuid=54321", "--regid=54321", "--clear-groups", holdfast);
    }

    @Test
    void folderWithAColonIsRefusedClearly() throws IOException {
        Path odd = Files.createDirectories(folder.resolve("a:b/bin"));
        Files.copy(Launcher.executable(), odd.resolve("holdfast"));
        try (Child run = start(folder, Map.of(), "sh", odd.resolve("holdfast").toString())) {
            assertThat(run.awaitExit()).isEqualTo(71);
            assertThat(run.stderr()).startsWith("holdfast: cannot run from").contains("colon");
            assertThat(run.stdout()).isEmpty();
        }
    }

    @ForEachJava
    void everyJavaThatIsNewEnoughIsTaken(Path home) {
        saysHi(
                folder,
                Map.of("JAVA_HOME", home.toString()),
                Launcher.executable().toString());
        saysHi(
                folder,
                Map.of("JAVA_HOME", "", "PATH", home.resolve("bin") + ":" + System.getenv("PATH")),
                Launcher.executable().toString());
    }

    /** Asked for an answer, a program costs a millisecond, and bash an INT in the instant of its end. */
    @ForEachJava
    void javaOfThePathIsFoundWithoutAProgram(Path home) throws IOException {
        for (String tool : List.of("readlink", "sed")) {
            script("path/" + tool, "#!/bin/sh\necho asked >&2\nexit 1\n");
        }
        Path java = folder.resolve("path/java");
        assumeTrue(home.startsWith("/usr/lib/jvm"), "needs a Java below /usr/lib/jvm");
        Files.deleteIfExists(java);
        Files.createSymbolicLink(java, home.resolve("bin/java"));
        saysHi(
                folder,
                Map.of("JAVA_HOME", "", "PATH", "/nowhere:" + folder.resolve("path") + ":" + System.getenv("PATH")),
                Launcher.executable().toString());
    }

    @Test
    void javaWithoutAReleaseFileIsAsked() throws IOException {
        Path home = Launcher.javaHomes().get(0);
        script("jdk/bin/java", "#!/bin/sh\nexec '" + home + "/bin/java' \"$@\"\n");
        // An option of the user's must not get in the way of the question.
        try (Child run = start(
                folder,
                Map.of("JAVA_HOME", folder + "/jdk", "JAVA_TOOL_OPTIONS", "-XX:+NoSuchFlag"),
                Launcher.executable().toString())) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stdout()).isEqualTo("hi\n");
            assertThat(run.stderr()).isEmpty();
        }
    }

    /** As in a container, whose JAVA_HOME is the server's. */
    @Test
    void runtimePackedWithTheApplicationComesFirstAndJavaHomeStaysTheServers() throws IOException {
        Path packed = Files.createDirectories(folder.resolve("packed"));
        Files.createDirectories(packed.resolve("bin"));
        Files.copy(
                Launcher.executable(),
                packed.resolve("bin/holdfast"),
                java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        Files.createSymbolicLink(packed.resolve("lib"), APPLICATION.resolve("lib"));
        Files.createSymbolicLink(packed.resolve("jre"), Launcher.javaHomes().get(0));
        ProcessBuilder builder = new ProcessBuilder(
                packed + "/bin/holdfast", "run", "--lock-dir", locks.toString(), "--", "sh", "-c", "echo $JAVA_HOME");
        builder.environment().put("JAVA_HOME", "/the/servers");
        builder.environment().put("HOLDFAST_NO_ARCHIVE", "1");
        try (Child run = Child.start(builder)) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stdout()).isEqualTo("/the/servers\n");
        }
    }

    @Test
    void wrongJavaHomeIsToldWithItsName() {
        fails(
                Map.of("JAVA_HOME", "/no/such/jdk"),
                "JAVA_HOME is /no/such/jdk, but there is no bin/java in it; set it to a JDK or JRE 17 or newer,"
                        + " or unset it");
    }

    /** A client's entry of a server says so, and the server may need another Java. */
    @Test
    void javaOfTheLauncherAloneComesBeforeAllOthersAndIsNotPassedOn() throws IOException {
        Path java = Launcher.javaHomes().get(0);
        fails(
                Map.of("HOLDFAST_JAVA_HOME", "/no/such/jdk", "JAVA_HOME", java.toString()),
                "HOLDFAST_JAVA_HOME is /no/such/jdk, but there is no bin/java in it; set it to a JDK or JRE 17 or newer,"
                        + " or unset it");
        Launcher launcher = Launcher.in(locks)
                .env("HOLDFAST_JAVA_HOME", java.toString())
                .env("JAVA_HOME", "/the/servers")
                .env("HOLDFAST_NO_ARCHIVE", "1");
        // In the background, too: that is another launcher
        Path output = folder.resolve("output");
        List<String> server = List.of("sh", "-c", "echo \"$JAVA_HOME ${HOLDFAST_JAVA_HOME-none}\"; exec sleep 1000");
        List<String> start = new ArrayList<>(List.of("start", "--lock-dir", locks.toString(), "--name", "orders"));
        start.addAll(List.of("--output", output.toString(), "--ready-log", "none", "--"));
        start.addAll(server);
        try (Child started = launcher.command(start)) {
            assertThat(started.awaitExit()).as("%s", started).isZero();
            assertThat(Files.readString(output)).contains("/the/servers none\n");
        } finally {
            try (Child stop = launcher.command(List.of("stop", "--lock-dir", locks.toString(), "orders"))) {
                stop.awaitExit();
            }
        }
    }

    @Test
    void missingJavaIsTold() throws IOException {
        Path tools = Files.createDirectory(folder.resolve("tools"));
        for (String tool : List.of("sh", "env", "readlink", "sed")) {
            Files.createSymbolicLink(tools.resolve(tool), Path.of("/bin/" + tool));
        }
        fails(
                Map.of("JAVA_HOME", "", "PATH", tools.toString()),
                "no Java found; install a JRE 17 or newer, and put it into PATH or set JAVA_HOME");
    }

    @Test
    void oldJavaIsToldByItsReleaseFile() throws IOException {
        script("jdk/bin/java", "#!/bin/sh\necho started; exit 9\n");
        for (String version : List.of("11.0.2", "1.8.0_302", "16")) {
            Files.writeString(folder.resolve("jdk/release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
            fails(
                    Map.of("JAVA_HOME", folder + "/jdk"),
                    "Java 17 or newer is needed, and " + folder + "/jdk/bin/java is version " + version
                            + "; set JAVA_HOME to a newer one");
        }
    }

    @Test
    void oldJavaIsToldByItsOwnWord() throws IOException {
        script("jdk/bin/java", "#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n");
        fails(
                Map.of("JAVA_HOME", folder + "/jdk"),
                "Java 17 or newer is needed, and .*/jdk/bin/java is version 11\\.0\\.2; set JAVA_HOME to a newer one");
        script("jdk/bin/java", "#!/bin/sh\necho hello\n");
        fails(
                Map.of("JAVA_HOME", folder + "/jdk"),
                "cannot tell the version of .*/jdk/bin/java; set JAVA_HOME to a JDK or JRE 17 or newer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash --posix", "bash", "busybox sh", "ksh", "zsh --emulate sh"})
    void everyShellRunsIt(String shell) {
        Programs.require(shell.split(" ")[0]);
        List<String> words = new ArrayList<>(List.of(shell.split(" ")));
        words.add(Launcher.executable().toString());
        saysHi(folder, Map.of(), words.toArray(String[]::new));
    }

    @Test
    void envThatCannotBlockSignalsCostsASecondStartAndNothingElse() throws IOException {
        script("old/env", "#!/bin/sh\ncase $1 in --block*) echo 'unknown option' >&2; exit 125 ;; esac\nexit 9\n");
        saysHi(
                folder,
                Map.of("PATH", folder.resolve("old") + ":" + System.getenv("PATH")),
                Launcher.executable().toString());
    }
}
