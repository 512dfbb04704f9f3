package dev.holdfast.commands.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.holdfast.console.ExitCode;
import dev.holdfast.posix.processes.Self;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading a client's file and putting a new one in its place, and when it is left alone. */
class ClientFileTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("mcp.json"), "{}");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    }

    private ConfigFile read(Path path) {
        return ConfigFile.read(path, Self.effectiveUser());
    }

    private static void leavesAlone(ExitCode code, String text, ThrowingCallable change) {
        assertThatThrownBy(change)
                .isInstanceOfSatisfying(
                        ClientFileException.class,
                        problem -> assertThat(problem.exitCode()).isEqualTo(code))
                .hasMessageContaining(text);
    }

    private Set<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return Set.copyOf(files.map(path -> path.getFileName().toString()).toList());
        }
    }

    @Test
    void newFileHasTheModeOfTheOldOneWhichIsBesideIt() throws IOException {
        Path backup = read(file).replace("{ }");
        assertThat(file).hasContent("{ }");
        assertThat(backup).hasContent("{}");
        for (Path each : Set.of(file, backup)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
                    .isEqualTo("rw-r-----");
        }
        assertThat(names()).containsExactlyInAnyOrder("mcp.json", "mcp.json.holdfast-backup");
    }

    @Test
    void lastThreeTextsAreKept() throws IOException {
        for (String text : List.of("[1]", "[2]", "[3]", "[4]")) {
            read(file).replace(text);
        }
        assertThat(backups()).containsExactly("[3]", "[2]", "[1]");
    }

    /** The text by hand, and then what "wrap" and "unwrap" make of it, again and again. */
    @Test
    void changesToAndFroPushNoOlderTextOut() throws IOException {
        for (int i = 0; i < 4; i++) {
            read(file).replace("[1]");
            read(file).replace("[2]");
        }
        assertThat(backups()).containsExactly("[1]", "[2]", "{}");
    }

    @Test
    void changeThatFailsPushesNoTextOut() throws IOException {
        read(file).replace("[1]");
        for (String text : List.of("[2]", "[3]", "[4]", "[5]")) {
            ConfigFile before = read(file);
            Files.writeString(file, text);
            leavesAlone(ExitCode.CONFLICT, "was changed by another program", () -> before.replace("{ }"));
        }
        assertThat(backups()).containsExactly("{}");
    }

    /** The youngest first. */
    private List<String> backups() throws IOException {
        List<String> texts = new ArrayList<>();
        for (String name : names().stream().sorted().toList()) {
            if (name.contains(".holdfast-backup")) {
                texts.add(Files.readString(folder.resolve(name)));
            }
        }
        return texts;
    }

    @Test
    void linkToAFileOfTheUsersOwnStaysALink() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link.json"), Path.of("mcp.json"));
        read(link).replace("{ }");
        assertThat(file).hasContent("{ }");
        assertThat(Files.isSymbolicLink(link)).isTrue();
    }

    /** What another program has planted under the copy's name is replaced, and not followed. */
    @Test
    void linkInThePlaceOfTheCopyIsNotFollowed() throws IOException {
        Path other = Files.writeString(folder.resolve("other"), "precious");
        Path backup = Files.createSymbolicLink(folder.resolve("mcp.json.holdfast-backup"), other);
        read(file).replace("{ }");
        assertThat(other).hasContent("precious");
        assertThat(Files.isRegularFile(backup, LinkOption.NOFOLLOW_LINKS)).isTrue();
    }

    @Test
    void fileThatAnotherProgramHasWrittenMeanwhileIsLeftAlone() throws IOException {
        ConfigFile before = read(file);
        var time = Files.getLastModifiedTime(file);
        Files.writeString(file, "[]");
        Files.setLastModifiedTime(file, time); // of the same length, and at the same moment of a coarse clock
        leavesAlone(ExitCode.CONFLICT, "was changed by another program", () -> before.replace("{ }"));
        assertThat(file).hasContent("[]");
        assertThat(names()).containsExactly("mcp.json");
    }

    @Test
    void fileThatAnotherProgramHasReplacedOrRemovedMeanwhileIsLeftAlone() throws IOException {
        ConfigFile before = read(file);
        Files.delete(file);
        leavesAlone(ExitCode.CANNOT_CREATE, "cannot be replaced", () -> before.replace("{ }"));
        assertThat(file).doesNotExist();
        Files.writeString(file, "{}");
        leavesAlone(ExitCode.CONFLICT, "was changed by another program", () -> before.replace("{ }"));
    }

    @Test
    void readOnlyFileIsLeftAlone() throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
        ConfigFile before = read(file);
        leavesAlone(ExitCode.CANNOT_CREATE, "is read-only", () -> before.replace("{ }"));
        assertThat(names()).containsExactly("mcp.json");
    }

    @Test
    void fileWithAnotherNameIsLeftAlone() throws IOException {
        Files.createLink(folder.resolve("other"), file);
        ConfigFile before = read(file);
        leavesAlone(ExitCode.UNSAFE, "has 2 names", () -> before.replace("{ }"));
    }

    @Test
    void fileOfAnotherUserIsLeftAlone() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link.json"), file);
        leavesAlone(
                ExitCode.UNSAFE,
                "belongs to another user (uid " + Self.effectiveUser() + ")",
                () -> ConfigFile.read(link, Self.effectiveUser() + 1));
    }

    @Test
    void whatIsNoFileIsLeftAlone() throws IOException {
        leavesAlone(ExitCode.UNSAFE, "is no regular file", () -> read(folder));
        leavesAlone(ExitCode.UNREADABLE, "there is no file", () -> read(folder.resolve("none")));
        Path link = Files.createSymbolicLink(folder.resolve("link.json"), folder.resolve("none"));
        leavesAlone(ExitCode.UNREADABLE, "there is no file", () -> read(link));
        Files.write(file, new byte[] {'{', (byte) 0xff, '}'});
        leavesAlone(ExitCode.CONFIG, "is not in UTF-8", () -> read(file).text());
    }

    @Test
    void groupOfTheFileIsKept() throws IOException {
        assumeThat(Self.effectiveUser())
                .as("only root has groups to choose from")
                .isZero();
        Files.setAttribute(file, "unix:gid", 12345);
        read(file).replace("{ }");
        assertThat(Files.getAttribute(file, "unix:gid")).isEqualTo(12345);
    }
}
