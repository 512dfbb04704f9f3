package dev.holdfast.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading and writing by number; above all, that a reader who does not read never stops the launcher. */
class FileDescriptorsTest {
    @TempDir
    Path folder;

    @Test
    void fullPipeIsNotWaitedFor() throws IOException {
        String fifo = folder.resolve("fifo").toString();
        try (NativeBuffer name = NativeBuffer.cString(fifo)) {
            assertThat((int) Libc.call(Libc.symbol("mkfifo"), name.address(), 0600))
                    .isZero();
        }
        int fd = FileDescriptors.open(fifo, FileDescriptors.O_RDWR, 0); // both ends, so that open does not wait
        try {
            String line = "x".repeat(4000) + "\n";
            int written = assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
                int count = 0;
                while (FileDescriptors.writeUnlessBlocked(fd, line)) {
                    count++;
                }
                return count;
            });
            assertThat(written).isPositive();
            assertThat(FileDescriptors.read(fd, 4096)).hasSize(4096);
            assertThat(new String(FileDescriptors.read(fd, 4096), StandardCharsets.US_ASCII))
                    .contains("x");
            assertThat(FileDescriptors.writeUnlessBlocked(fd, "room again\n")).isTrue();
        } finally {
            FileDescriptors.close(fd);
        }
    }

    @Test
    void closedDescriptorIsNotWrittenTo() {
        assertThat(FileDescriptors.isOpen(9999)).isFalse();
        assertThat(FileDescriptors.writeUnlessBlocked(9999, "lost\n")).isFalse();
    }

    @Test
    void blockIsWrittenAtTheStartWhereverTheDescriptorStands() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "0123456789");
        int fd = FileDescriptors.open(file.toString(), FileDescriptors.O_RDWR, 0);
        try {
            assertThat(FileDescriptors.read(fd, 5)).hasSize(5);
            FileDescriptors.writeAtStart(fd, "abc".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(FileDescriptors.readAt(fd, 100), StandardCharsets.US_ASCII))
                    .isEqualTo("abc3456789");
            FileDescriptors.truncate(fd, 3);
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
