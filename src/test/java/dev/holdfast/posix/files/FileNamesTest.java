package dev.holdfast.posix.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.posix.Errno;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file comes whole or not at all, is its owner's alone, and goes through no name that others have made. */
class FileNamesTest {
    private static final byte[] TEXT = "text".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder;

    private Path path;
    private Path fresh;
    private Path others;

    @BeforeEach
    void makeOthers() throws IOException {
        path = folder.resolve("file");
        fresh = folder.resolve("fresh");
        others = Files.writeString(folder.resolve("others"), "others");
    }

    private int replace() {
        return FileNames.replace(fresh.toString(), path.toString(), TEXT);
    }

    private void assertReplaced() throws IOException {
        assertThat(path).hasBinaryContent(TEXT).isRegularFile();
        assertThat(Files.isSymbolicLink(path)).isFalse();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
        assertThat(fresh).doesNotExist();
        assertThat(others).hasContent("others");
    }

    @Test
    void fileIsMadeAndReplaced() throws IOException {
        assertThat(replace()).isZero();
        assertReplaced();
        Files.writeString(path, "a longer text than the new one");
        assertThat(replace()).isZero();
        assertReplaced();
    }

    @Test
    void noLinkIsFollowed() throws IOException {
        Files.createSymbolicLink(path, others);
        Files.createSymbolicLink(fresh, others);
        assertThat(FileNames.make(path.toString(), TEXT)).isEqualTo(Errno.EEXIST);
        assertThat(replace()).isZero();
        assertReplaced();
        Files.delete(path);
        Files.createLink(fresh, others);
        assertThat(replace()).isZero();
        assertReplaced();
    }

    @Test
    void whatCannotBeReplacedStaysAndNothingIsLeft() throws IOException {
        Files.createDirectories(path.resolve("inside"));
        assertThat(replace()).isEqualTo(Errno.EISDIR);
        assertThat(path.resolve("inside")).exists();
        assertThat(fresh).doesNotExist();
        String nowhere = folder.resolve("nowhere/file").toString();
        assertThat(FileNames.replace(nowhere + ".new", nowhere, TEXT)).isEqualTo(Errno.ENOENT);
        // A folder by the other name is nobody's half of a file
        Files.createDirectory(fresh);
        assertThat(FileNames.replace(fresh.toString(), others.toString(), TEXT)).isEqualTo(Errno.EEXIST);
        assertThat(others).hasContent("others");
    }

    @Test
    void whatIsThereIsNotMade() throws IOException {
        assertThat(FileNames.make(others.toString(), TEXT)).isEqualTo(Errno.EEXIST);
        assertThat(others).hasContent("others");
        assertThat(FileNames.make(path.toString(), new byte[0])).isZero();
        assertThat(path).isEmptyFile();
    }
}
