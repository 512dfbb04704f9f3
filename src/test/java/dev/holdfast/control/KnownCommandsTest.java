package dev.holdfast.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownCommandsTest {
    private static final byte[] NO_TEXT = {(byte) 0xff, '\n', (byte) 0xfe};

    private static RedeployOrder order(String program, String version) {
        return new RedeployOrder(
                List.of(bytes(program), new byte[0], NO_TEXT),
                List.of(bytes("SECRET=1")),
                "/srv/" + version,
                Map.of("app-version", version, "ready-http", "http://x/?a=b"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static KnownCommands known() {
        return new KnownCommands(List.of(bytes("java"), NO_TEXT), "/home/me", order("new", "2"), order("old", "1"));
    }

    /** Byte for byte, and nothing of an environment. */
    @Test
    void whatIsWrittenIsReadByTheOwnerAlone(@TempDir Path folder) throws IOException {
        String path = KnownCommands.path(folder + "/own/run", "orders", "/tmp/orders.lock");
        assertThat(known().write(path)).isEmpty();
        assertThat(known().write(path)).isEmpty();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(path))))
                .isEqualTo("rw-------");
        KnownCommands read = KnownCommands.read(path).orElseThrow();
        assertThat(read.launcher()).containsExactly(bytes("java"), NO_TEXT);
        assertThat(read.folder()).isEqualTo("/home/me");
        assertThat(read.current().command()).containsExactly(bytes("new"), new byte[0], NO_TEXT);
        assertThat(read.lastGood().command()).containsExactly(bytes("old"), new byte[0], NO_TEXT);
        assertThat(read.lastGood().folder()).isEqualTo("/srv/1");
        assertThat(read.lastGood().options())
                .containsEntry("ready-http", "http://x/?a=b")
                .hasSize(2);
        assertThat(read.turned().current().folder()).isEqualTo("/srv/1");
        assertThat(new String(known().bytes(), StandardCharsets.ISO_8859_1)).doesNotContain("SECRET");
    }

    @Test
    void whatCannotBeReplacedIsTold(@TempDir Path folder) throws IOException {
        Path path = folder.resolve("x.commands");
        Files.createDirectories(path.resolve("inside"));
        assertThat(known().write(path.toString())).isEqualTo("is a directory");
        assertThat(folder).isDirectoryNotContaining("glob:**/x.commands.*");
    }

    @Test
    void whatOthersMayHaveWrittenIsPassedOver(@TempDir Path folder) throws IOException {
        Path path = folder.resolve("x.commands");
        assertThat(KnownCommands.read(path.toString())).isEmpty();
        assertThat(known().write(path.toString())).isEmpty();
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
        assertThat(KnownCommands.read(path.toString())).isEmpty();
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        assertThat(KnownCommands.read(path.toString())).isPresent();
        Path toOwn = Files.createSymbolicLink(folder.resolve("to-own"), path);
        assertThat(KnownCommands.read(toOwn.toString())).isEmpty();
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("/etc/passwd"));
        assertThat(KnownCommands.read(link.toString())).isEmpty();
    }

    @Test
    void nothingIsWrittenWhereOthersMayWrite(@TempDir Path folder) throws IOException {
        Path run = Files.createDirectory(folder.resolve("run"));
        Path path = run.resolve("x.commands");
        Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwxrwx---"));
        assertThat(known().write(path.toString())).contains("others may write there");
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder);
        assertThat(known().write(link.resolve("x.commands").toString())).isNotEmpty();
        assertThat(run).isEmptyDirectory();
        Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwx------"));
        assertThat(known().write(path.toString())).isEmpty();
        assertThat(run).isDirectoryContaining(file -> file.equals(path));
    }

    /** Cut anywhere, or of another version. */
    @Test
    void whatIsNotWholeIsNotKnown() {
        byte[] whole = known().bytes();
        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            KnownCommands.parse(part)
                    .ifPresent(known -> assertThat(known.lastGood().command()).isNotEmpty());
        }
        assertThat(KnownCommands.parse(bytes("holdfast known commands 2\0"))).isEmpty();
        assertThat(KnownCommands.parse(new byte[0])).isEmpty();
    }

    @Test
    void instancesOfOneNameHaveFilesOfTheirOwn() {
        assertThat(KnownCommands.path("/r", "orders", "/tmp/orders.lock"))
                .isNotEqualTo(KnownCommands.path("/r", "orders", "/srv/orders.lock"));
    }
}
