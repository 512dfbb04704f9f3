package dev.holdfast.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Journal;
import dev.holdfast.settings.LogLevel;
import dev.holdfast.settings.OutputSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A reader beside a writer that rotates as fast as it can: what no process test meets often enough. */
@Timeout(60)
class OutputReaderTest {
    private static final int LINES = 12_000;
    private static final int KEEP = 20;
    private static final int LINES_IN_A_FILE = 4;

    @TempDir
    Path folder;

    @Test
    void eachLineIsReadOnceWhileFilesAreRotated() throws InterruptedException {
        String path = folder.resolve("x.log").toString();
        AtomicInteger read = new AtomicInteger();
        Thread writer = new Thread(() -> write(path, read), "writer");
        try (OutputReader reader = new OutputReader(path)) {
            writer.start();
            StringBuilder rest = new StringBuilder();
            int expected = 0;
            while (expected < LINES) {
                assertThat(Thread.currentThread().isInterrupted()).isFalse();
                rest.append(new String(reader.read(), StandardCharsets.US_ASCII));
                for (int end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n")) {
                    assertThat(rest.substring(0, end)).isEqualTo("line " + expected++);
                    rest.delete(0, end + 1);
                }
                read.set(expected);
            }
            assertThat(reader.hasMissed()).isFalse();
        } finally {
            writer.interrupt();
            writer.join();
        }
    }

    private static void write(String path, AtomicInteger read) {
        int fileSize = LINES_IN_A_FILE * "line 12345\n".length();
        OutputSettings settings = new OutputSettings(path, fileSize, KEEP, true, false);
        try (OutputFile file = OutputFile.open(settings, new Journal(LogLevel.ERROR, () -> entry -> {}))) {
            for (int i = 0; i < LINES && !Thread.currentThread().isInterrupted(); i++) {
                while (i - read.get() > KEEP && !Thread.currentThread().isInterrupted()) {
                    Thread.onSpinWait(); // not so fast that files are rotated away
                }
                file.write(("line " + i + "\n").getBytes(StandardCharsets.US_ASCII));
            }
        }
    }
}
