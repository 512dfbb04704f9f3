package dev.holdfast.posix.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.posix.processes.Self;
import dev.holdfast.testkit.Child;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class FileSearchTest {
    @TempDir
    Path folder;

    private final FileSearch search = new FileSearch(List.of(bytes("orders"), bytes("8080")));

    @AfterEach
    void close() {
        search.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private boolean mayBeIn(Path file) {
        return search.mayBeIn(file.toString(), Self.effectiveUser());
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("file"), text);
    }

    @Test
    void oneOfTheTextsIsEnough() throws IOException {
        assertThat(mayBeIn(file("{\"name\":\"orders\"}"))).isTrue();
        assertThat(mayBeIn(file("8080"))).isTrue();
        assertThat(mayBeIn(file("order, 808, order"))).isFalse();
        assertThat(mayBeIn(file(""))).isFalse();
    }

    /** What the file before had must not be taken for what this one has. */
    @Test
    void nothingIsLeftOfTheFileBefore() throws IOException {
        assertThat(mayBeIn(file("0123456789orders"))).isTrue();
        assertThat(mayBeIn(file("0123456789"))).isFalse();
    }

    @Test
    void restOfALongFileIsNotLookedAt() throws IOException {
        assertThat(mayBeIn(file("x".repeat((1 << 14) - 1)))).isFalse();
        assertThat(mayBeIn(file("x".repeat(1 << 14)))).isTrue();
    }

    @Test
    void onlyOwnFilesAreReadAndNothingIsWaitedFor() throws IOException {
        Path file = file("orders");
        assertThat(search.mayBeIn(file.toString(), Self.effectiveUser() + 1)).isFalse();
        assertThat(mayBeIn(Files.createSymbolicLink(folder.resolve("link"), file)))
                .isFalse();
        assertThat(mayBeIn(Files.createDirectory(folder.resolve("folder")))).isFalse();
        assertThat(mayBeIn(folder.resolve("missing"))).isFalse();
        Path fifo = folder.resolve("fifo");
        try (Child mkfifo = Child.start(new ProcessBuilder("mkfifo", fifo.toString()))) {
            assumeTrue(mkfifo.awaitExit() == 0, "needs mkfifo");
        }
        assertThat(mayBeIn(fifo)).isFalse();
    }
}
