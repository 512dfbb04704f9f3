package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.posix.processes.Self;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a server prints is kept in files: all of it, in bounds, and never at the server's cost. */
@Timeout(180)
class OutputFileIT {
    private static final int SIGPIPE = 13;

    @TempDir
    Path folder;

    private Path log() {
        return folder.resolve("logs/orders.log");
    }

    private Child run(List<String> options, String script) {
        List<String> all = new ArrayList<>(List.of("--output", log().toString()));
        all.addAll(options);
        return Launcher.in(folder).run(all, List.of("perl", "-e", "$| = 1; " + script));
    }

    @Test
    void copyHasBothStreamsAndTheCallerHasThemToo() throws IOException {
        try (Child run = run(List.of(), "print qq(out\\n); print STDERR qq(err\\n); exit 3")) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(3);
            assertThat(run.stdout()).isEqualTo("out\n");
            assertThat(run.stderr()).contains("err\n");
            assertThat(Files.readAllLines(log())).containsExactlyInAnyOrder("out", "err");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log())))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log().getParent())))
                .isEqualTo("rwx------");
    }

    @Test
    void nextStartGoesOnBehindTheLastOne() throws IOException {
        for (int i = 1; i <= 2; i++) {
            try (Child run = run(List.of(), "print qq(start " + i + "\\n)")) {
                assertThat(run.awaitExit()).as("%s", run).isZero();
            }
        }
        assertThat(Files.readString(log())).isEqualTo("start 1\nstart 2\n");
    }

    @Test
    void protocolOfAStdioServerIsNotKept() throws IOException {
        try (Child run = run(List.of("--transport", "stdio"), "print qq(secret\\n); print STDERR qq(note\\n)")) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(run.stdout()).isEqualTo("secret\n");
            assertThat(Files.readString(log())).isEqualTo("note\n");
        }
    }

    @Test
    void rotationLosesNoLineAndKeepsNoMoreThanWasSaid() throws IOException {
        String script = "for my $i (1..20000) { print qq(line $i\\n) }";
        try (Child run = run(List.of("--output-size", "20K", "--output-keep", "3"), script)) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
        }
        assertThat(log().resolveSibling("orders.log.3")).exists();
        assertThat(log().resolveSibling("orders.log.4")).doesNotExist();
        StringBuilder all = new StringBuilder();
        for (int age = 3; age >= 0; age--) {
            Path file = age == 0 ? log() : log().resolveSibling("orders.log." + age);
            String text = Files.readString(file);
            assertThat(text).endsWith("\n").hasSizeLessThan(20 * 1024 + 2 * 65_536);
            all.append(text);
        }
        int first = Integer.parseInt(all.substring("line ".length(), all.indexOf("\n")));
        String expected = IntStream.rangeClosed(first, 20_000)
                .mapToObj(i -> "line " + i + "\n")
                .collect(Collectors.joining());
        assertThat(all).hasToString(expected);
    }

    @Test
    void garbageIsKeptAsItIs() throws IOException {
        byte[] garbage = new byte[300_000];
        for (int i = 0; i < garbage.length; i++) {
            garbage[i] = (byte) (i * 31 % 251 == '\n' ? 0 : i * 31 % 251);
        }
        Path file = Files.write(folder.resolve("garbage"), garbage);
        String script = "open my $f, '<:raw', '" + file + "'; local $/; print <$f>";
        try (Child run = run(List.of("--output-size", "1G"), script)) {
            assertThat(run.awaitExit()).as("%s", run).isZero();
        }
        assertThat(Files.readAllBytes(log())).isEqualTo(garbage);
    }

    /** Nothing waits for the end of a line that does not end. */
    @Test
    void endlessLineFillsNoDisk() throws IOException {
        String script = "my $b = 'x' x 65536; print $b for 1..2000"; // 125 MB
        try (Child run =
                run(List.of("--output-size", "1M", "--output-keep", "2"), script + "; print STDERR qq(done\\n)")) {
            assertThat(run.awaitExit(Duration.ofSeconds(90))).isZero();
            assertThat(run.stderr()).contains("done");
        }
        long total = 0;
        for (String name : List.of("orders.log", "orders.log.1", "orders.log.2")) {
            total += Files.size(log().resolveSibling(name));
        }
        assertThat(total).isLessThan(3 * ((1 << 20) + 3 * 65_536));
    }

    @Test
    void fullDiskStopsNobodyAndTheLossIsTold() throws IOException {
        assumeTrue(Self.effectiveUser() == 0, "needs root");
        Path disk = Files.createDirectory(folder.resolve("disk"));
        Path go = folder.resolve("go");
        String script = "my $b = ('x' x 1023) . qq(\\n); print $b for 1..3000; print STDERR qq(written\\n);"
                + " select undef, undef, undef, 0.01 until -e '" + go + "';"
                + " print qq(after\\n); exit 5";
        try (Child mount = Child.start(
                new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=1m,mode=755", "tmpfs", disk.toString()))) {
            assumeTrue(mount.awaitExit() == 0, "cannot mount: " + mount);
        }
        try (Child run = Launcher.in(folder)
                .run(
                        List.of("--output", disk.resolve("o.log").toString(), "--output-size", "100M"),
                        List.of("perl", "-e", "$| = 1; " + script))) {
            run.awaitErr("(?m)^written$");
            run.awaitErr("output cannot be written, and is lost meanwhile");
            // Somebody makes room by cutting the file.
            Files.write(disk.resolve("o.log"), new byte[0]);
            Files.createFile(go);
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(5);
            assertThat(run.stdout()).hasSize(3000 * 1024 + "after\n".length());
            assertThat(Files.readString(disk.resolve("o.log"), StandardCharsets.ISO_8859_1)
                            .replaceAll("x+", "x")
                            .replaceAll("(x\n)+", "x\n")
                            .replace("\0", "0"))
                    .containsPattern("(?m)^holdfast: \\d{7} bytes of output were lost here: no space left on device$")
                    .endsWith("\nafter\n");
        } finally {
            try (Child unmount = Child.start(new ProcessBuilder("umount", "-l", disk.toString()))) {
                unmount.awaitExit();
            }
        }
    }

    @Test
    void removedFileIsMadeAgain() throws IOException {
        Path go = folder.resolve("go");
        // It is looked for once a second, when there is something to write.
        String script = "print qq(one\\n); select undef, undef, undef, 0.01 until -e '" + go + "';"
                + " for (1..600) { print qq(more\\n); last if -s '" + log()
                + "'; select undef, undef, undef, 0.05 }";
        try (Child run = run(List.of(), script)) {
            run.awaitOut("one");
            await().until(() -> Files.exists(log()) && Files.readString(log()).equals("one\n"));
            Files.delete(log());
            Files.createFile(go);
            assertThat(run.awaitExit()).as("%s", run).isZero();
            assertThat(Files.readString(log())).startsWith("more\n").endsWith("more\n");
        }
    }

    @Test
    void linksForeignFoldersAndOpenOnesAreRefused() throws IOException {
        Files.createDirectory(log().getParent());
        Path target = Files.writeString(folder.resolve("precious"), "precious\n");
        Files.createSymbolicLink(log(), target);
        refused(77, "is a symbolic link, not a regular file");
        Files.delete(log());
        Files.createLink(log(), target);
        refused(77, "has 2 names (hard links)");
        assertThat(Files.readString(target)).isEqualTo("precious\n");
        Files.delete(log());
        Files.createDirectory(log());
        refused(77, "is a directory, not a regular file");
        Files.delete(log());
        Files.setPosixFilePermissions(log().getParent(), PosixFilePermissions.fromString("rwxrwxrwx"));
        refused(77, "is writable by all and not sticky");
        Files.delete(log().getParent());
        Files.createSymbolicLink(log().getParent(), Files.createDirectory(folder.resolve("elsewhere")));
        refused(77, "is a symbolic link, not a directory");
        assertThat(folder.resolve("elsewhere")).isEmptyDirectory();
        if (Self.effectiveUser() == 0) {
            Files.delete(log().getParent());
            Files.createDirectory(log().getParent());
            Files.setAttribute(log().getParent(), "unix:uid", 4711);
            refused(77, "belongs to another user (uid 4711)");
        }
    }

    private void refused(int code, String why) {
        try (Child run = run(List.of(), "print qq(started\\n)")) {
            assertThat(run.awaitExit()).as("%s", run).isEqualTo(code);
            assertThat(run.stderr()).contains(why);
            assertThat(run.stdout()).as("no server").isEmpty();
        }
        assertThat(folder.resolve("orders.lock")).doesNotExist();
    }

    @Test
    void wrongWordsAreRefused() {
        for (List<String> options : List.of(
                List.of("--output-size", "10X"),
                List.of("--output-size", "12"),
                List.of("--output-keep", "101"),
                List.of("--handoff", "exec"))) {
            try (Child run = run(options, "1")) {
                assertThat(run.awaitExit()).as("%s", run).isEqualTo(64);
                assertThat(run.stderr())
                        .contains(options.get(0).equals("--handoff") ? "let the shell write it" : "must be");
            }
        }
        try (Child run = Launcher.in(folder).run(List.of("--output-keep", "3"), List.of("true"))) {
            assertThat(run.awaitExit()).isEqualTo(64);
            assertThat(run.stderr()).contains("--output-keep \"3\" needs --output FILE");
        }
    }

    /** As the page says: a server that outlives its launcher on purpose has nobody who reads. */
    @Test
    void serverOfAKilledLauncherGetsBrokenPipes() {
        Path go = folder.resolve("go");
        String script = "$SIG{TERM} = 'IGNORE'; print qq(ready $$\\n); select undef, undef, undef, 0.01 until -e '" + go
                + "'; print qq(x\\n) for 1..100; open my $f, '>', '" + folder.resolve("survived") + "'";
        try (Child run = run(List.of("--death-signal", "none"), script)) {
            long server = run.awaitServer();
            run.signal("KILL");
            Processes.awaitDeath(run.pid());
            assertThat(Processes.isAlive(server)).isTrue();
            Files.createFile(go);
            Processes.awaitDeath(server);
            assertThat(folder.resolve("survived"))
                    .as("died of signal " + SIGPIPE)
                    .doesNotExist();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void readyLineIsFoundInOutputThatIsKept() throws IOException {
        try (Child run = run(List.of("--ready-log", "^listening$"), "print qq(listening\\n); sleep 100")) {
            run.awaitErr("\"orders\" is ready");
            run.signal("TERM");
            assertThat(run.awaitExit()).isEqualTo(143);
            assertThat(Files.readString(log())).isEqualTo("listening\n");
        }
    }
}
