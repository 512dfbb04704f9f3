package dev.holdfast.posix.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.PosixException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading and writing by number. */
class FileDescriptorsTest {
    @TempDir
    Path folder;

    @Test
    void numberThatWasNeverOpenIsNotOpen() {
        assertThat(FileDescriptors.isOpen(9999)).isFalse();
    }

    @Test
    void blockIsWrittenAtTheStartWhereverTheDescriptorStands() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "0123456789");
        int fd = FileDescriptors.open(file.toString(), FileDescriptors.O_RDWR, 0);
        try {
            assertThat(FileDescriptors.read(fd, 5)).hasSize(5);
            PositionedAccess.writeAtStart(fd, "abc".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(PositionedAccess.readAt(fd, 100), StandardCharsets.US_ASCII))
                    .isEqualTo("abc3456789");
            PositionedAccess.truncate(fd, 3);
            assertThat(file).hasContent("abc");
        } finally {
            FileDescriptors.close(fd);
        }
    }

    @Test
    void errorsOfOpenComeBackAsNumbers() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("none"));
        assertThat(FileDescriptors.open(folder + "/none", FileDescriptors.O_RDONLY, 0))
                .isEqualTo(-Errno.ENOENT);
        assertThat(FileDescriptors.open(link.toString(), FileDescriptors.O_RDWR | FileDescriptors.O_NOFOLLOW, 0))
                .isEqualTo(-Errno.ELOOP);
        assertThat(FileDescriptors.open(folder.toString(), FileDescriptors.O_RDWR, 0))
                .isEqualTo(-Errno.EISDIR);
        assertThatThrownBy(() -> FileDescriptors.open("a\0b", FileDescriptors.O_RDONLY, 0))
                .isInstanceOf(PosixException.class);
    }
}
