package dev.holdfast.share.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.Passage;
import dev.holdfast.posix.files.Pipe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClientPipesTest {
    private static final int SIZE = 256 * 1024;

    /** The client's end blocks, and is to stay so. */
    @Test
    void nothingBlocksAndNothingChangesForTheClient() throws IOException {
        try (Pipe in = Pipe.openForWriting();
                Pipe out = Pipe.open();
                ClientPipes pipes = ClientPipes.of(in.readEnd(), out.writeEnd()).orElseThrow();
                Passage buffer = new Passage(SIZE)) {
            assertThat(pipes.read(buffer)).isZero();
            byte[] text = "some".getBytes(StandardCharsets.UTF_8);
            assertThat(FileDescriptors.write(in.writeEnd(), text)).isEqualTo(text.length);
            assertThat(pipes.read(buffer)).isEqualTo(text.length);
            fill(buffer);
            assertThat(pipes.write(buffer)).as("as much as a pipe takes").isBetween(1, SIZE - 1);
            assertThat(pipes.write(buffer)).isZero();
            assertThat(flags(in.readEnd()) & FileDescriptors.O_NONBLOCK).isZero();
            assertThat(flags(out.writeEnd()) & FileDescriptors.O_NONBLOCK).isZero();
        }
    }

    private static void fill(Passage buffer) {
        buffer.clear();
        assertThat(buffer.put(new byte[SIZE], 0)).isFalse();
    }

    private static int flags(int descriptor) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo/" + descriptor))) {
            if (line.startsWith("flags:")) {
                return Integer.parseInt(line.substring("flags:".length()).strip(), 8);
            }
        }
        throw new AssertionError("no flags of " + descriptor);
    }

    @Test
    void endsAreTold() {
        Pipe in = Pipe.openForWriting();
        Pipe out = Pipe.open();
        try (ClientPipes pipes = ClientPipes.of(in.readEnd(), out.writeEnd()).orElseThrow();
                Passage buffer = new Passage(SIZE)) {
            FileDescriptors.close(in.writeEnd());
            FileDescriptors.close(out.readEnd());
            assertThat(pipes.read(buffer)).isEqualTo(Passage.END);
            fill(buffer);
            assertThat(pipes.write(buffer)).isEqualTo(Passage.END);
        } finally {
            FileDescriptors.close(in.readEnd());
            FileDescriptors.close(out.writeEnd());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/dev/null", "/etc/passwd"})
    void whatIsNeitherPipeNorSocketIsCopied(String path) {
        int descriptor = FileDescriptors.open(path, FileDescriptors.O_RDONLY, 0);
        try (Pipe pipe = Pipe.open()) {
            assertThat(ClientPipes.of(descriptor, pipe.writeEnd())).isEmpty();
            assertThat(ClientPipes.of(pipe.readEnd(), descriptor)).isEmpty();
        } finally {
            FileDescriptors.close(descriptor);
        }
    }

    @Test
    void whatHasEndedAlreadyIsCopied() {
        Pipe in = Pipe.openForWriting();
        FileDescriptors.close(in.writeEnd());
        try (Pipe out = Pipe.open()) {
            assertThat(ClientPipes.of(in.readEnd(), out.writeEnd())).isEmpty();
        } finally {
            FileDescriptors.close(in.readEnd());
        }
    }
}
