package dev.holdfast.posix.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.holdfast.posix.Libc;
import dev.holdfast.posix.NativeBuffer;
import dev.holdfast.posix.processes.OpenDescriptors;
import dev.holdfast.posix.processes.Self;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A reader who does not read never stops the launcher, and what others share is left as it is. */
class NonBlockingWriterTest {
    @TempDir
    Path folder;

    @Test
    void fullPipeIsNotWaitedForAndStaysBlockingForOthers() {
        String fifo = folder.resolve("fifo").toString();
        try (NativeBuffer name = NativeBuffer.cString(fifo)) {
            assertThat((int) Libc.call(Libc.symbol("mkfifo"), name.address(), 0600))
                    .isZero();
        }
        int fd = FileDescriptors.open(fifo, FileDescriptors.O_RDWR, 0); // both ends, so that open does not wait
        try {
            NonBlockingWriter writer = new NonBlockingWriter(fd);
            String line = "x".repeat(4000) + "\n";
            int written = assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
                int count = 0;
                while (writer.write(line)) {
                    count++;
                }
                return count;
            });
            assertThat(written).isPositive();
            assertThat(OpenDescriptors.info(Self.pid(), fd)).contains("flags:\t02");
            for (int i = 0; i < 2; i++) {
                assertThat(FileDescriptors.read(fd, 4096)).hasSize(4096);
            }
            assertThat(writer.write("room again\n")).isTrue();
        } finally {
            FileDescriptors.close(fd);
        }
    }

    @Test
    void fileIsWrittenWhereTheSharedDescriptorStands() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "0123456789");
        int fd = FileDescriptors.open(file.toString(), FileDescriptors.O_RDWR, 0);
        try {
            assertThat(FileDescriptors.read(fd, 4)).hasSize(4);
            NonBlockingWriter writer = new NonBlockingWriter(fd);
            assertThat(writer.write("ab") && writer.write("cd")).isTrue();
            assertThat(file).hasContent("0123abcd89");
        } finally {
            FileDescriptors.close(fd);
        }
    }

    @Test
    void descriptorThatIsNotOpenIsNoFailure() {
        assertThat(new NonBlockingWriter(9999).write("lost\n")).isFalse();
    }
}
