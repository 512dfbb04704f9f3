package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.process.PinnedProcess;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Promise 7: whatever stands at the lock path, nothing is followed, truncated, opened for its side effects or signalled;
 * one clear message and the right exit code answer it, with and without {@code --force}, for run, status and stop.
 */
@Timeout(180)
class HostilePathIT {
    private static final String VICTIM = "the victim's own bytes\n";
    private static final String START = "\"startTime\":\"2026-05-02T09:14:03.875Z\",\"name\":\"orders\"";

    @TempDir
    Path folder;

    private Path victim;
    private Child bystander;

    @BeforeEach
    void plantVictims() throws IOException {
        victim = Files.writeString(folder.resolve("victim"), VICTIM);
        Files.setPosixFilePermissions(victim, PosixFilePermissions.fromString("rw-r-----"));
        bystander = Child.start(new ProcessBuilder("sleep", "1000"));
    }

    @AfterEach
    void victimsAreUntouched() throws IOException {
        try (Child ended = bystander) {
            assertThat(ended.isAlive()).as("bystander lives").isTrue();
            assertThat(victim).hasContent(VICTIM.trim());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(victim)))
                    .isEqualTo("rw-r-----");
        }
    }

    /** How something comes to stand at the lock path. */
    private interface Plant {
        void at(Path lock, HostilePathIT test) throws IOException;
    }

    /**
     * One hostile thing.
     *
     * @param run what {@code run} ends with; 0 when the command must have been run
     * @param words what its message must contain; empty for no message at all
     * @param status what {@code status} ends with
     * @param stop what {@code stop} ends with
     */
    private record Case(String name, int run, String words, int status, int stop, Plant plant) {
        @Override
        public String toString() {
            return name;
        }

        static Case unsafe(String name, String words, int status, Plant plant) {
            return new Case(name, 77, words, status, 77, plant);
        }

        static Case overwritten(String name, String json) {
            return new Case(name, 0, "overwriting", 1, 0, (lock, test) -> file(lock, json));
        }
    }

    static Stream<Case> unsafePaths() {
        return Stream.of(
                Case.unsafe("symlink to victim", "symbolic link", 4, (lock, test) -> link(lock, test.victim)),
                Case.unsafe("dangling symlink", "symbolic link", 4, (lock, test) -> link(lock, lock.resolve("no"))),
                Case.unsafe(
                        "hard link to victim", "hard links", 1, (lock, test) -> Files.createLink(lock, test.victim)),
                Case.unsafe("FIFO", "FIFO", 4, (lock, test) -> tool("mkfifo", lock.toString())),
                Case.unsafe("socket", "socket", 4, HostilePathIT::socket),
                Case.unsafe("directory", "directory", 4, (lock, test) -> Files.createDirectory(lock)),
                Case.unsafe("link to device", "symbolic link", 4, (lock, test) -> link(lock, Path.of("/dev/zero"))),
                Case.unsafe("1 MB of garbage", "bytes", 1, (lock, test) -> file(lock, "x".repeat(1 << 20))));
    }

    static Stream<Case> records() {
        String pid = "{\"pid\":%s," + START + "}";
        List<Case> cases = new ArrayList<>();
        cases.add(new Case("empty file", 0, "", 3, 0, (lock, test) -> file(lock, "")));
        cases.add(Case.overwritten("empty object", "{}"));
        cases.add(Case.overwritten("truncated", "{\"pid\":12,\"startTi"));
        cases.add(Case.overwritten("string pid", pid.formatted("\"1\"")));
        cases.add(Case.overwritten("binary garbage", "\0\u0001\u001b]0;x\u0007[[[[{{{{"));
        for (String number : List.of("0", "-1", "1", "2147483648", "9223372036854775808")) {
            cases.add(Case.overwritten("pid " + number, pid.formatted(number)));
        }
        cases.add(Case.overwritten(
                "escape sequences",
                "{\"pid\":77," + START + ",\"version\":\"\\u001b]0;x\\u0007\",\"name\":\"\\u001b[2J\"}"));
        cases.add(Case.overwritten("end of time", "{\"pid\":77,\"startTime\":\"+1000000000-12-31T23:59:59Z\"}"));
        cases.add(Case.overwritten(
                "torn",
                ("{\"pid\":77," + START + "}" + " ".repeat(400)).substring(0, 300) + "\"transport\":\"stdio\"}"));
        cases.add(new Case(
                "bystander as launcher",
                0,
                "overwriting",
                1,
                0,
                (lock, test) -> file(
                        lock, "{" + test.identity("pid", "startTicks", "pidfdId") + test.here() + "," + START + "}")));
        // A living process of exactly the server's identity may be a server that closed the lock: doubt, so refused.
        cases.add(new Case(
                "bystander as server",
                75,
                "still running",
                4,
                75,
                (lock, test) -> file(
                        lock,
                        "{\"pid\":77," + test.identity("serverPid", "serverStartTicks", "serverPidfdId") + test.here()
                                + "," + START + "}")));
        cases.add(new Case(
                "bystander's pid alone",
                0,
                "overwriting",
                1,
                0,
                (lock, test) -> file(lock, pid.formatted(test.bystander.pid()))));
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource({"unsafePaths", "records"})
    void hostileThingIsRefusedOrOverwrittenInOneMessage(Case hostile) throws IOException {
        try (Child run = launch(hostile, "run", List.of());
                Child forced = launch(hostile, "forced", List.of("--force"));
                Child status = launch(hostile, "status", null);
                Child stop = launch(hostile, "stop", null)) {
            for (Child start : List.of(run, forced)) {
                assertOneMessage(start, hostile.run());
                assertThat(start.stdout()).isEqualTo(hostile.run() == 0 ? "ran\n" : "");
                assertThat(start.stderr()).contains(hostile.words());
                assertThat(start.stderr().isEmpty()).isEqualTo(hostile.words().isEmpty());
            }
            assertOneMessage(status, hostile.status());
            assertOneMessage(stop, hostile.stop());
        }
    }

    private Child launch(Case hostile, String kind, @Nullable List<String> options) throws IOException {
        Path locks = Files.createDirectory(folder.resolve(kind));
        Launcher launcher = Launcher.in(locks);
        hostile.plant().at(launcher.lockFile("orders"), this);
        return options != null
                ? launcher.run(options, List.of("echo", "ran"))
                : launcher.command(List.of(kind, "orders", "--lock-dir", locks.toString()));
    }

    /** One statement, whose further lines are indented; no stack trace, nothing for the terminal to obey. */
    private static void assertOneMessage(Child child, int code) {
        assertThat(child.awaitExit()).as("%s", child).isEqualTo(code);
        assertThat(child.stderr().lines().filter(line -> !line.startsWith("  ")).count())
                .as("%s", child)
                .isLessThanOrEqualTo(1);
        assertThat(child.stderr() + child.stdout())
                .doesNotContain("\tat ", "Exception", "internal error")
                .matches("[\\x20-\\x7e\\n]*");
    }

    @Test
    void writerThatWaitsAtAFifoIsNotLetIn() throws IOException {
        Launcher launcher = Launcher.in(folder);
        Path fifo = launcher.lockFile("orders");
        tool("mkfifo", fifo.toString());
        ProcessBuilder open = new ProcessBuilder(
                "perl",
                "-e",
                "$|=1; print \"waiting\\n\"; open F, '>', $ARGV[0]; print \"let in\\n\"",
                fifo.toString());
        try (Child writer = Child.start(open)) {
            writer.awaitOut("waiting");
            for (String word : List.of("status", "stop")) {
                try (Child look = launcher.command(List.of(word, "orders", "--lock-dir", folder.toString()))) {
                    look.awaitExit();
                }
            }
            try (Child run = launcher.run(List.of("--force"), List.of("true"))) {
                assertThat(run.awaitExit()).isEqualTo(77);
            }
            assertThat(writer.isAlive()).as("%s", writer).isTrue();
            assertThat(writer.stdout()).doesNotContain("let in");
        }
    }

    /** All at once, since each start looks for two seconds whether the stranger is a Holdfast after all. */
    @Test
    void locksOfOtherProgramsAreRespected() throws IOException {
        List<Child> children = new ArrayList<>();
        Path javas = file(Files.createDirectory(folder.resolve("java")).resolve("orders.lock"), "");
        try (FileChannel channel = FileChannel.open(javas, StandardOpenOption.WRITE)) {
            assertThat(channel.lock().isValid()).isTrue();
            List<Path> held = new ArrayList<>(List.of(javas));
            for (List<String> locker : strangeLockers()) {
                Path lock = file(
                        Files.createDirectory(folder.resolve("held" + held.size()))
                                .resolve("orders.lock"),
                        "");
                held.add(lock);
                List<String> command = new ArrayList<>(locker);
                command.replaceAll(word -> word.replace("FILE", lock.toString()));
                Child holder = Child.start(new ProcessBuilder(command));
                children.add(holder);
                holder.awaitOut("locked");
            }
            assertHeldByStrangers(held, children);
        } finally {
            children.forEach(Child::close);
        }
    }

    private static void assertHeldByStrangers(List<Path> held, List<Child> children) {
        List<Child> holders = List.copyOf(children);
        List<Child> starts = new ArrayList<>();
        for (Path lock : held) {
            Launcher launcher = Launcher.in(lock.resolveSibling(""));
            starts.add(launcher.run(List.of(), List.of("echo", "ran")));
            starts.add(launcher.run(List.of("--force"), List.of("echo", "ran")));
        }
        children.addAll(starts);
        for (Child start : starts) {
            assertOneMessage(start, 75);
            assertThat(start.stderr()).contains("held, not verifiable", "not a Holdfast launcher");
            assertThat(start.stderr().contains("never signalled")).isEqualTo(starts.indexOf(start) % 2 == 1);
        }
        for (Path lock : held) {
            for (String word : List.of("status", "stop")) {
                Child look = Launcher.in(lock).command(List.of(word, "--lock-file", lock.toString()));
                children.add(look);
                assertOneMessage(look, word.equals("stop") ? 75 : 4);
            }
        }
        assertThat(holders).allMatch(Child::isAlive);
    }

    private static List<List<String>> strangeLockers() {
        String python = "import fcntl,time; f=open('FILE','r+'); fcntl.%s; print('locked',flush=True); time.sleep(99)";
        List<List<String>> lockers = new ArrayList<>();
        lockers.add(List.of("flock", "FILE", "sh", "-c", "echo locked; exec sleep 99"));
        lockers.add(List.of("flock", "-s", "FILE", "sh", "-c", "echo locked; exec sleep 99"));
        if (Files.isExecutable(Path.of("/usr/bin/python3"))) {
            lockers.add(List.of("/usr/bin/python3", "-c", python.formatted("flock(f,fcntl.LOCK_EX)")));
            lockers.add(List.of("/usr/bin/python3", "-c", python.formatted("lockf(f,fcntl.LOCK_EX)")));
        }
        return lockers;
    }

    @Test
    void waitingStartGoesOnWhenFlockEnds() throws IOException {
        Launcher launcher = Launcher.in(folder);
        Path lock = file(launcher.lockFile("orders"), "");
        ProcessBuilder flock = new ProcessBuilder("flock", lock.toString(), "sh", "-c", "echo locked; read end");
        try (Child holder = Child.start(flock)) {
            holder.awaitOut("locked");
            try (Child run = launcher.run(List.of("--on-conflict", "wait"), List.of("echo", "ran"))) {
                run.awaitErr("waiting for");
                holder.closeStdin();
                assertThat(run.awaitExit()).as("%s", run).isZero();
            }
        }
    }

    @Test
    void serverThatClosedTheLockIsNeverDoubled() {
        Launcher launcher = Launcher.in(folder);
        // it ignores what it gets when its launcher dies, too
        try (Child first =
                launcher.run(List.of("--grace", "300ms"), Launcher.server("close", "ignore=TERM,HUP,INT,QUIT"))) {
            long server = first.awaitServer();
            launcher.awaitRecordedServer("orders");
            first.signal("KILL");
            first.awaitExitWithoutOutput();
            try (Child next = launcher.run(List.of(), List.of("echo", "ran"))) {
                assertOneMessage(next, 75);
                assertThat(next.stderr()).contains("pid " + server);
            }
            assertThat(launcher.statusJson("orders")).contains("orphaned", Long.toString(server));
            assertThat(Processes.isAlive(server)).isTrue();
            try (Child forced = launcher.run(List.of("--force"), List.of("echo", "ran"))) {
                assertThat(forced.awaitExit()).as("%s", forced).isZero();
                assertThat(forced.stdout()).isEqualTo("ran\n");
            }
            assertThat(Processes.isAlive(server)).isFalse();
        }
    }

    @Test
    void foreignFileIsRefused() throws IOException {
        assumeRoot();
        Case foreign = Case.unsafe("foreign", "another user", 3, (lock, test) -> {
            file(lock, "");
            tool("chown", "65534", lock.toString());
        });
        hostileThingIsRefusedOrOverwrittenInOneMessage(foreign);
    }

    @Test
    void rootsFileIsRefusedToOthers() throws IOException {
        assumeRoot();
        assumeTrue(
                Launcher.executable().toFile().canExecute() && othersReach(),
                "needs an application that other users can reach");
        mode(folder, "rwxrwxrwx");
        file(folder.resolve("orders.lock"), "{}");
        for (List<String> words : List.of(
                List.of("run", "--name", "orders", "--", "true"),
                List.of("run", "--name", "orders", "--force", "--", "true"),
                List.of("stop", "orders"))) {
            try (Child child = Child.start(asNobody(words))) {
                assertOneMessage(child, 77);
                assertThat(child.stderr()).contains("another user (uid 0)");
            }
        }
        try (Child status = Child.start(asNobody(List.of("status", "orders")))) {
            assertOneMessage(status, 4);
        }
        assertThat(folder.resolve("orders.lock")).hasContent("{}");
    }

    private ProcessBuilder asNobody(List<String> words) {
        List<String> command = new ArrayList<>(List.of(
                "setpriv",
                "--reuid=65534",
                "--regid=65534",
                "--clear-groups",
                Launcher.executable().toString()));
        command.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("HOLDFAST_LOCK_DIR", folder.toString());
        return builder;
    }

    private static boolean othersReach() {
        try (Child test = Child.start(new ProcessBuilder(
                "setpriv",
                "--reuid=65534",
                "--clear-groups",
                Launcher.executable().toString(),
                "--version"))) {
            return test.awaitExit() == 0;
        }
    }

    @Test
    void protectedRegularFilesAreNoObstacleToTheOwner() throws IOException {
        assumeRoot();
        Path setting = Path.of("/proc/sys/fs/protected_regular");
        String before = Files.readString(setting).trim();
        assumeTrue(Files.isWritable(setting), "needs a settable fs.protected_regular");
        tool("chmod", "1777", folder.toString());
        Path lock = file(folder.resolve("orders.lock"), "{}");
        try {
            Files.writeString(setting, "2");
            try (Child run = Launcher.in(folder).run(List.of(), List.of("echo", "ran"))) {
                assertOneMessage(run, 0);
            }
            file(lock, "{}");
            tool("chown", "65534", lock.toString());
            try (Child run = Launcher.in(folder).run(List.of("--force"), List.of("echo", "ran"))) {
                assertOneMessage(run, 77);
                assertThat(run.stderr()).contains("another user (uid 65534)");
            }
        } finally {
            Files.writeString(setting, before);
        }
    }

    @Test
    void folderThatAllMayWriteIsToldOf() throws IOException {
        mode(folder, "rwxrwxrwx");
        try (Child run = Launcher.in(folder).run(List.of(), List.of("echo", "ran"))) {
            assertOneMessage(run, 0);
            assertThat(run.stderr()).contains("not sticky");
        }
    }

    @Test
    void missingFolderCannotBeUsed() {
        Path missing = folder.resolve("missing");
        try (Child run = Launcher.in(missing).run(List.of(), List.of("echo", "ran"));
                Child status =
                        Launcher.in(missing).command(List.of("status", "orders", "--lock-dir", missing.toString()))) {
            assertOneMessage(run, 73);
            assertThat(run.stderr()).contains("no such file or directory");
            assertOneMessage(status, 3);
        }
        assertThat(missing).doesNotExist();
    }

    @Test
    void readOnlyAndFullFileSystemsCannotBeUsed() {
        inMountNamespace("mount -t tmpfs -o size=4k none . && cd \"$1\" && echo x >fill", 73, "no space left");
        inMountNamespace("mount -t tmpfs -o ro none .", 73, "read-only file system");
    }

    @Test
    void withoutProcNothingIsStarted() {
        inMountNamespace("umount -l /proc", 71, "/proc is not mounted");
    }

    /** Runs the launcher after some mounting, where it cannot disturb anybody. */
    private void inMountNamespace(String mounting, int code, String words) {
        assumeRoot();
        // the folder is entered again, since what was mounted on it is not seen from before
        String script = "cd \"$1\" && " + mounting
                + " && cd \"$1\" && exec \"$2\" run --lock-dir \"$1\" --name orders -- echo ran";
        ProcessBuilder builder = new ProcessBuilder(
                "unshare",
                "-m",
                "sh",
                "-c",
                script,
                "sh",
                folder.toString(),
                Launcher.executable().toString());
        try (Child child = Child.start(builder)) {
            int ended = child.awaitExit();
            assumeTrue(
                    !child.stderr().contains("unshare:") && !child.stderr().contains("mount:"),
                    "needs mounts of its own: " + child.stderr());
            assertThat(ended).as("%s", child).isEqualTo(code);
            assertOneMessage(child, code);
            assertThat(child.stderr()).contains(words);
            assertThat(child.stdout()).isEmpty();
        }
    }

    @Test
    void relativeLockFileIsTakenFromTheWorkingDirectory() {
        Launcher launcher = Launcher.in(folder);
        ProcessBuilder builder = launcher.builder(
                List.of("run", "--lock-file", "mine.lock", "--", "sh", "-c", "ls; echo $HOLDFAST_LOCK_FILE"));
        builder.directory(folder.toFile());
        try (Child run = Child.start(builder)) {
            assertOneMessage(run, 0);
            assertThat(run.stdout()).isEqualTo("mine.lock\nvictim\n" + folder.resolve("mine.lock") + "\n");
        }
        assertThat(folder.resolve("mine.lock")).doesNotExist();
    }

    @Test
    void fileNameWithEscapeSequenceIsNotListed() throws IOException {
        file(folder.resolve("\u001b]0;x\u0007.lock"), "{\"pid\":77," + START + "}");
        file(folder.resolve("orders.lock"), "{\"pid\":77," + START + "}");
        tool("mkfifo", folder.resolve("fifo.lock").toString());
        try (Child status = Launcher.in(folder).command(List.of("status", "--lock-dir", folder.toString()))) {
            assertOneMessage(status, 4);
            assertThat(status.stdout()).contains("orders.lock", "fifo: cannot be verified");
        }
    }

    /** The bystander's true identity, to the last number. */
    private String identity(String pid, String ticks, String id) {
        try (PinnedProcess process = PinnedProcess.pin((int) bystander.pid()).orElseThrow()) {
            ProcessIdentity known = process.identity();
            return "\"%s\":%d,\"%s\":%d,\"%s\":%d,"
                    .formatted(pid, known.pid(), ticks, known.startTicks(), id, known.uniqueId());
        }
    }

    private String here() throws IOException {
        String boot =
                Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).trim();
        return "\"bootId\":\"" + boot + "\",\"pidNamespace\":"
                + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"))
                        .toString()
                        .replaceAll("[^0-9]", "");
    }

    private static void socket(Path lock, HostilePathIT test) throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(lock));
        }
    }

    private static Path file(Path lock, String content) throws IOException {
        Files.writeString(lock, content);
        return mode(lock, "rw-------");
    }

    private static void link(Path lock, Path target) throws IOException {
        Files.createSymbolicLink(lock, target);
    }

    private static Path mode(Path path, String mode) throws IOException {
        return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    private static void tool(String... command) {
        try (Child tool = Child.start(new ProcessBuilder(command))) {
            assertThat(tool.awaitExit()).as("%s", tool).isZero();
        }
    }

    private static void assumeRoot() {
        assumeTrue(ProcessHandle.current().info().user().orElse("").equals("root"), "needs root");
    }
}
