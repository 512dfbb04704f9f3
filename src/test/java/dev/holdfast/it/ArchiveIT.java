package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.ForEachJava;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A start uses the archive of its Java; where there is none that fits, it does without, and one is made for the next. */
@Timeout(180)
class ArchiveIT {
    private static final Path APPLICATION =
            Launcher.executable().resolve("../..").normalize();
    private static final Duration MADE_WITHIN = Duration.ofMinutes(2);
    private static final String MAKING = ".making";
    private static final String HELLO = "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\","
            + "\"params\":{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{},\"clientInfo\":{}}}";
    private static final String WELCOME =
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{}}}";
    private static final String LOG_LOADED = "-Xlog:class+load:stderr";

    /** For archives that several tests use: to make one takes as long as two dozen starts. */
    @TempDir
    static Path shared;

    private static final Set<Path> MADE = new HashSet<>();

    @TempDir
    Path folder;

    @TempDir
    Path locks;

    private Path copy = Path.of("/");
    private Path lib = Path.of("/");

    /** A moved application: its archive was made for another folder. */
    @BeforeEach
    void copyTheApplication() {
        // No blank in it: JDK 17 would write one as %20, and not find its classes in the archive
        copyTo(folder.resolve("elsewhere"));
    }

    private void copyTo(Path place) {
        copy = place;
        lib = copy.resolve("lib");
        if (!Files.exists(copy)) {
            run("cp", "-a", APPLICATION.toString(), copy.toString());
            run("find", copy.toString(), "-name", "*" + MAKING, "-prune", "-exec", "rm", "-r", "{}", "+");
        }
    }

    /** An application with a whole archive for a Java, for whoever leaves it as it was. */
    private void useArchive(Path java) {
        copyTo(shared.resolve("elsewhere"));
        if (!MADE.contains(java)) {
            make(java);
            MADE.add(java);
        }
    }

    /**
     * What is recorded for the archive is one plain start, of all the ways that a start may go: for tests of the job that
     * makes it, not of what is in it. The rest of the script stays as it is.
     */
    private void recordLittle() throws IOException {
        Path script = copy.resolve("make-archive");
        String text = Files.readString(script)
                .replaceAll("(?m)^    try '-Xshare:off -XX:DumpLoadedClassList=(?!run')(?:.*\\\\\n)*.*\n", "")
                .replaceAll("(?ms)^    # The host of a shared server and .*?^(?=else$)", "")
                .replaceAll("(?m)^    try '' .*\n", "")
                .replaceAll("(?m)^        then (?!run --lock-dir \\. --name free ).*\n(?:        --.*\n)*", "")
                .replaceAll("(?m)^    cat run .* >classes$", "    cat run >classes");
        assertThat(text)
                .containsOnlyOnce("DumpLoadedClassList")
                .containsOnlyOnce("        then run ")
                .containsOnlyOnce("    cat run >classes\n");
        Files.writeString(script, text);
    }

    /** A job that is under way would be in the way of deleting the folder. */
    @AfterEach
    void awaitJobs() {
        awaitRest();
    }

    private static void run(String... words) {
        try (Child child = Child.start(new ProcessBuilder(words))) {
            assertThat(child.awaitExit()).as("%s", child).isZero();
        }
    }

    private Child start(Map<String, String> environment, String... holdfast) {
        List<String> words = new ArrayList<>(List.of(holdfast));
        words.addAll(List.of("run", "--lock-dir", locks.toString(), "--name", "n" + System.nanoTime()));
        words.addAll(List.of("--", "echo", "hi"));
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().keySet().removeIf(name -> name.startsWith("HOLDFAST_"));
        builder.environment().put("HOLDFAST_HOME", "/dev/null");
        builder.environment().putAll(environment);
        return Child.start(builder);
    }

    private void saysHi(Map<String, String> environment, String... holdfast) {
        try (Child run = start(environment, holdfast)) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stdout()).isEqualTo("hi\n");
            assertThat(run.stderr()).isEmpty();
        }
    }

    private String executable() {
        return copy.resolve("bin/holdfast").toString();
    }

    private void make(Path java) {
        ProcessBuilder builder = new ProcessBuilder(copy.resolve("make-archive").toString(), copy.toString());
        builder.environment().put("JAVA_HOME", java.toString());
        try (Child make = Child.start(builder)) {
            assertThat(make.awaitExit(MADE_WITHIN)).as("%s", make).isZero();
            assertThat(make.stdout() + make.stderr()).isEmpty();
        }
    }

    /** Whether a start takes its own classes from an archive. */
    private boolean usesArchive(Path java) {
        try (Child run =
                start(Map.of("JAVA_HOME", java.toString(), "HOLDFAST_JAVA_OPTIONS", LOG_LOADED), executable())) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            String main = run.stderr()
                    .lines()
                    .filter(line -> line.contains("dev.holdfast.cli.Main source:"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(run));
            return main.contains("shared objects file");
        }
    }

    private List<String> files(String end) {
        try (Stream<Path> files = Files.list(lib)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(end))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path archive(Path java) throws IOException {
        String runtime = Files.readAllLines(java.resolve("release")).stream()
                .filter(line -> line.startsWith("JAVA_RUNTIME_VERSION="))
                .map(line -> line.replaceAll(".*=|\"", ""))
                .findFirst()
                .orElseThrow();
        return files(".jsa").stream()
                .filter(name -> name.endsWith("-" + runtime + ".jsa"))
                .map(lib::resolve)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no archive for " + runtime + " in " + files("")));
    }

    private void awaitRest() {
        await().alias("jobs in " + lib)
                .atMost(MADE_WITHIN)
                .until(() -> files(MAKING).isEmpty());
    }

    private void deleteArchives() {
        run("find", lib.toString(), "-name", "*.jsa*", "-delete");
    }

    @Test
    void packageMakesOneForTheJavaThatBuilds() throws IOException {
        assertThat(archive(Launcher.javaHomes().get(0))).isNotEmptyFile();
        assertThat(Files.getPosixFilePermissions(archive(Launcher.javaHomes().get(0))))
                .isEqualTo(PosixFilePermissions.fromString("rw-r--r--"));
    }

    @ForEachJava
    void startUsesIt(Path java) {
        useArchive(java);
        assertThat(usesArchive(java)).isTrue();
        whoMeetsAHolderTakesAllOfOursFromIt(java);
    }

    private void whoMeetsAHolderTakesAllOfOursFromIt(Path java) {
        Launcher launcher = Launcher.in(copy);
        try (Child holder = launcher.run(List.of(), Launcher.server())) {
            holder.awaitServer();
            List<String> where = List.of("--lock-dir", copy.toString(), "--name", "orders");
            List<String> waits = List.of("--on-conflict", "wait", "--wait-timeout", "1ms", "--", "true");
            takesAllOfOursFromIt(java, 75, "run", where, List.of("--", "true"));
            takesAllOfOursFromIt(java, 75, "run", where, waits);
            takesAllOfOursFromIt(java, 0, "restart", where.subList(0, 2), List.of("orders"));
            takesAllOfOursFromIt(java, 0, "stop", where.subList(0, 2), List.of("orders"));
        }
    }

    /** Asked of a few classes: which others are needed is a matter of time, where two processes meet. */
    @ForEachJava
    void startInTheBackgroundUsesIt(Path java) {
        useArchive(java);
        ProcessBuilder start =
                logging(java, "start", "--lock-dir", copy.toString(), "--name", "behind", "--settle", "0");
        start.command().addAll(List.of("--", "sleep", "300"));
        try (Child child = Child.start(start)) {
            assertThat(child.awaitExit()).as("%s", child).isZero();
            comesOutOfTheArchive(child.stderr(), "dev.holdfast.cli.StartCommand");
            comesOutOfTheArchive(child.stderr(), "dev.holdfast.cli.StartedLauncher");
        } finally {
            run(executable(), "stop", "--lock-dir", copy.toString(), "behind");
        }
    }

    /** By hand: it was red once in some runs of the whole, where the classes' lines were not in the host's log. */
    @ForEachJava
    @Tag("long")
    void sharedServersHostAndClientUseIt(Path java) throws IOException {
        useArchive(java);
        Path log = copy.resolve("shared.log");
        ProcessBuilder builder =
                logging(java, "run", "--share", "--share-scope", "global", "--scope", "machine", "--linger", "0");
        builder.command()
                .addAll(List.of("--lock-dir", copy.toString(), "--name", "shared", "--output", log.toString()));
        builder.command()
                .addAll(List.of("--", "sh", "-c", "read -r line; echo '" + WELCOME + "'; exec cat >/dev/null"));
        try (Child client = Child.start(builder)) {
            client.stdin().write((HELLO + "\n").getBytes(StandardCharsets.UTF_8));
            client.stdin().flush();
            client.awaitOut("result");
            await().atMost(MADE_WITHIN)
                    .untilAsserted(() -> comesOutOfTheArchive(Files.readString(log), "dev.holdfast.share.Multiplexer"));
            client.closeStdin();
            assertThat(client.awaitExit()).as("%s", client).isZero();
            comesOutOfTheArchive(client.stderr(), "dev.holdfast.share.attach.Attachment");
        }
        await().atMost(MADE_WITHIN).until(() -> !Files.exists(copy.resolve("shared.lock")));
    }

    private void takesAllOfOursFromIt(Path java, int code, String command, List<String> options, List<String> rest) {
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(options);
        words.addAll(rest);
        try (Child child = Child.start(logging(java, words.toArray(String[]::new)))) {
            assertThat(child.awaitExit()).as("%s", child).isEqualTo(code);
            assertThat(child.stderr().lines())
                    .filteredOn(line -> line.contains("] dev.holdfast.") && line.contains(" source: "))
                    .isNotEmpty()
                    .allMatch(line -> line.contains("shared objects file"));
            if (Launcher.majorVersion(java) < 25) { // from then on, each command loads what any of them uses
                assertThat(child.stderr()).doesNotContain("java.lang.invoke.LambdaMetafactory", "java.util.stream.");
            }
        }
    }

    private ProcessBuilder logging(Path java, String... words) {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(executable())));
        builder.command().addAll(List.of(words));
        builder.environment().put("JAVA_HOME", java.toString());
        builder.environment().put("HOLDFAST_JAVA_OPTIONS", LOG_LOADED);
        return builder;
    }

    private static void comesOutOfTheArchive(String log, String type) {
        assertThat(log.lines())
                .filteredOn(line -> line.contains("] " + type + " source: "))
                .isNotEmpty()
                .allMatch(line -> line.contains("shared objects file"));
    }

    @ForEachJava
    void missingOneIsMadeInTheBackground(Path java) throws IOException {
        recordLittle();
        deleteArchives();
        saysHi(Map.of("JAVA_HOME", java.toString()), executable());
        await().atMost(MADE_WITHIN).until(() -> files(".jsa").size() == 1);
        awaitRest();
        assertThat(usesArchive(java)).isTrue();
        assertThat(files("").stream().filter(name -> name.contains(".jsa"))).hasSize(2);
    }

    /** Copied with its archive to another place, and after an update that has only replaced the jar. */
    @Test
    void oneThatDoesNotFitAnyMoreIsMadeAgain() throws IOException {
        recordLittle();
        Path java = Launcher.javaHomes().get(0);
        assertThat(usesArchive(java)).isFalse();
        await().atMost(MADE_WITHIN).until(() -> files(MAKING).isEmpty() && usesArchive(java));
        Files.setLastModifiedTime(archive(java), FileTime.from(Instant.EPOCH));
        assertThat(usesArchive(java)).isFalse();
        await().atMost(MADE_WITHIN).until(() -> files(MAKING).isEmpty() && usesArchive(java));
    }

    @Test
    void manyStartsAtOnceMakeOne() throws IOException {
        recordLittle();
        deleteArchives();
        // Counts the runs of Java that write an archive, and leaves a name behind for each.
        Path java = folder.resolve("jdk");
        Path real = Launcher.javaHomes().get(0);
        Files.createDirectories(java.resolve("bin"));
        Files.copy(real.resolve("release"), java.resolve("release"));
        Files.writeString(java.resolve("bin/java"), """
                #!/bin/sh
                case "$*" in *-Xshare:dump*|*AOTMode=create*) : >'%s'/dump.$$ ;; esac
                exec '%s' "$@"
                """.formatted(folder, real.resolve("bin/java")));
        Files.setPosixFilePermissions(java.resolve("bin/java"), PosixFilePermissions.fromString("rwxr-xr-x"));
        List<Child> starts = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                starts.add(start(Map.of("JAVA_HOME", java.toString()), executable()));
            }
            for (Child start : starts) {
                assertThat(start.awaitExit()).as("%s", start).isZero();
                assertThat(start.stderr()).isEmpty();
            }
        } finally {
            starts.forEach(Child::close);
        }
        await().atMost(MADE_WITHIN).until(() -> files(".jsa").size() == 1);
        awaitRest();
        try (Stream<Path> dumps = Files.list(folder)) {
            assertThat(dumps.filter(file -> file.getFileName().toString().startsWith("dump.")))
                    .hasSize(1);
        }
    }

    /** A job that was killed leaves its folder, which nobody waits for longer than for a job. */
    @Test
    void remainsOfAKilledJobAreNotInTheWayForEver() throws IOException {
        recordLittle();
        Path java = Launcher.javaHomes().get(0);
        Path making = Files.createDirectory(Path.of(archive(java) + MAKING));
        saysHi(Map.of(), executable());
        assertThat(making).as("its job may be about to say who it is").isEmptyDirectory();
        Files.writeString(making.resolve("maker"), ProcessHandle.current().pid() + "\n");
        saysHi(Map.of(), executable());
        assertThat(making).as("its job lives").isDirectoryContaining("glob:**maker");
        Files.setLastModifiedTime(making, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
        saysHi(Map.of(), executable());
        await().atMost(MADE_WITHIN).until(() -> files(MAKING).isEmpty());
        assertThat(usesArchive(java)).isTrue();
    }

    @Test
    void remainsOfAJobThatIsKnownToBeKilledAreNotInTheWayAtAll() throws IOException {
        recordLittle();
        Path java = Launcher.javaHomes().get(0);
        Path making = Files.createDirectory(Path.of(archive(java) + MAKING));
        try (Child killed = Child.start(new ProcessBuilder("true"))) {
            assertThat(killed.awaitExit()).isZero();
            Files.writeString(making.resolve("maker"), killed.pid() + "\n");
        }
        saysHi(Map.of(), executable());
        await().atMost(MADE_WITHIN).until(() -> files(MAKING).isEmpty());
        assertThat(usesArchive(java)).isTrue();
    }

    /** Where the launcher's child would be taken for the server's, or the folder shall stay as it is. */
    @Test
    void noneIsMadeWhereItWasSwitchedOffOrInsideOfAGuardedServer() {
        deleteArchives();
        saysHi(Map.of("HOLDFAST_NO_ARCHIVE", "1"), executable());
        saysHi(Map.of("HOLDFAST_LOCK_FILE", "/tmp/x.lock"), executable());
        assertThat(files("").stream().filter(name -> name.contains(".jsa"))).isEmpty();
    }

    @Test
    void switchedOffIsNotUsedEither() {
        Path java = Launcher.javaHomes().get(0);
        useArchive(java);
        try (Child run = start(
                Map.of("JAVA_HOME", java.toString(), "HOLDFAST_NO_ARCHIVE", "1", "HOLDFAST_JAVA_OPTIONS", LOG_LOADED),
                executable())) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stderr()).containsPattern("dev\\.holdfast\\.cli\\.Main source: .*holdfast\\.jar");
        }
    }

    @Test
    void readOnlyInstallationGoesWithout() throws IOException {
        deleteArchives();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(locks, PosixFilePermissions.fromString("rwxrwxrwx"));
        run("chmod", "-R", "a+rX,a-w", copy.toString());
        run("chmod", "+t", locks.toString());
        try {
            if (System.getProperty("user.name").equals("root")) {
                assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "needs setpriv");
                saysHi(Map.of(), "setpriv", "--reuid=54321", "--regid=54321", "--clear-groups", executable());
            } else {
                saysHi(Map.of(), executable());
            }
            assertThat(files("").stream().filter(name -> name.contains(".jsa"))).isEmpty();
        } finally {
            run("chmod", "-R", "u+w", copy.toString());
        }
    }

    /** Nothing but speed is lost. */
    @ForEachJava
    void brokenOnesAreIgnoredWithoutAWord(Path java) throws IOException {
        useArchive(java);
        Path archive = archive(java);
        byte[] good = Files.readAllBytes(archive);
        Map<String, String> environment = Map.of("JAVA_HOME", java.toString());
        for (int size : new int[] {0, 1, 100, 5000, good.length / 2, good.length - 1}) {
            try (FileChannel channel = FileChannel.open(archive, StandardOpenOption.WRITE)) {
                channel.truncate(size);
            }
            saysHi(environment, executable());
            Files.write(archive, good);
        }
        for (String garbage : List.of("garbage\n", "x".repeat(100_000))) {
            Files.write(archive, garbage.getBytes(StandardCharsets.UTF_8));
            saysHi(environment, executable());
        }
        byte[] header = good.clone();
        Arrays.fill(header, 0, 4096, (byte) 0x5a);
        Files.write(archive, header);
        saysHi(environment, executable());
        Files.write(archive, good);
        assertThat(usesArchive(java)).as("as before").isTrue();
    }

    /** As with two builds that call themselves the same. */
    @Test
    void archiveOfAnotherJavaOfTheSameNameIsIgnored() throws IOException {
        recordLittle();
        Path java = Launcher.javaHomes().get(0);
        Path other = folder.resolve("other");
        run(
                java.resolve("bin/jlink").toString(),
                "--add-modules",
                "java.base,java.logging,jdk.unsupported",
                "--output",
                other.toString());
        Files.copy(java.resolve("release"), other.resolve("release"), StandardCopyOption.REPLACE_EXISTING);
        make(other);
        assertThat(usesArchive(other)).isTrue();
        assertThat(usesArchive(java)).isFalse();
    }

    static List<Path> otherJavas() {
        return Launcher.javaHomes().subList(1, Launcher.javaHomes().size());
    }

    /** As after an update of Java in its place. */
    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("otherJavas")
    void archiveOfAnotherVersionUnderThisOnesNameIsIgnored(Path other) throws IOException {
        Path java = Launcher.javaHomes().get(0);
        useArchive(java);
        useArchive(other);
        exchange(archive(java), archive(other));
        for (Path started : List.of(java, other)) {
            saysHi(Map.of("JAVA_HOME", started.toString()), executable());
            assertThat(usesArchive(started)).isFalse();
        }
        exchange(archive(java), archive(other));
        assertThat(usesArchive(java)).as("as before").isTrue();
    }

    private void exchange(Path first, Path second) throws IOException {
        Path aside = folder.resolve("aside");
        Files.move(first, aside);
        Files.move(second, first);
        Files.move(aside, second);
    }

    /** The shells that are somebody's /bin/sh; the others in the long form. */
    static List<String> shells() {
        List<String> common = List.of("dash", "bash --posix", "busybox sh");
        List<String> all = List.of("dash", "bash --posix", "bash", "busybox sh", "ksh", "zsh --emulate sh");
        return "long".equals(System.getProperty("holdfast.stress")) ? all : common;
    }

    @ParameterizedTest
    @MethodSource("shells")
    void everyShellStartsAndMakesOne(String shell) throws IOException {
        Programs.require(shell.split(" ")[0]);
        recordLittle();
        deleteArchives();
        List<String> words = new ArrayList<>(List.of(shell.split(" ")));
        words.add(executable());
        saysHi(Map.of(), words.toArray(String[]::new));
        await().atMost(MADE_WITHIN).until(() -> files(".jsa").size() == 1);
    }

    /**
     * The job itself, with a holdfast that starts nothing but the commands of its rehearsals, and never makes a socket: what these
     * wait for does not come, and half a minute of looks is over at once here. In the place of a JVM there is nothing.
     */
    @Test
    void jobWhoseInstancesDoNotStartEnds() throws IOException {
        Path bin = Files.createDirectory(folder.resolve("stubs"));
        Path log = folder.resolve("log");
        script(bin.resolve("sleep"), ":");
        script(Path.of(executable()), """
                case "$*" in *' --name killed '*)
                    if [ -e killed.sock ]; then echo a socket of the one before >>'%1$s'; else echo none >>'%1$s'; fi
                    : >killed.sock # as a killed one leaves it
                    ;;
                esac
                while [ $# -gt 0 ] && [ "$1" != -- ]; do shift; done
                [ $# -eq 0 ] || shift
                "$@"
                exit $?
                """.formatted(log));
        ProcessBuilder builder = new ProcessBuilder(copy.resolve("make-archive").toString(), copy.toString());
        builder.environment().put("JAVA_HOME", Launcher.javaHomes().get(0).toString());
        builder.environment().merge("PATH", bin.toString(), (path, first) -> first + ":" + path);
        try (Child make = Child.start(builder)) {
            assertThat(make.awaitExit(MADE_WITHIN)).as("%s", make).isEqualTo(1);
        }
        assertThat(Files.readAllLines(log))
                .as("what each start of it finds")
                .isNotEmpty()
                .containsOnly("none");
        assertThat(files(MAKING)).isEmpty();
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** It neither holds the caller's pipes, nor is it the launcher's child, which would be ended with the server. */
    @Test
    void jobBelongsToNobody() throws IOException {
        recordLittle();
        deleteArchives();
        // The reader sees the end of descriptor 7 when the last holder has closed it: before the archive is there.
        try (Child run = start(
                Map.of(),
                "sh",
                "-c",
                "mkfifo \"$0\"; exec 8<>\"$0\" 7>\"$0\" 9<\"$0\" 8<&-; { timeout 30 cat <&9; echo end; } 7>&- & exec 9<&-;"
                        + " \"$@\" & wait $!; s=$?; exec 7>&-; wait; exit $s",
                folder.resolve("fifo").toString(),
                executable())) {
            run.awaitOut("end");
            assertThat(files(".jsa")).isEmpty();
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stderr()).isEmpty();
        }
        await().atMost(MADE_WITHIN).until(() -> files(".jsa").size() == 1);
    }
}
