package dev.holdfast.posix.processes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A list that is read from the kernel by hand misses nothing, however long it is, and takes nothing for a number. */
class NumberedFolderTest {
    @TempDir
    Path folder;

    @Test
    void everyNumberIsFoundAndNothingElse() throws IOException {
        for (int i = 0; i < 1_500; i++) {
            Files.createFile(folder.resolve(Integer.toString(i * 37)));
        }
        for (String name : new String[] {"self", "1x", "x1", "-1", ".1", "thread-self", "a-name-of-some-length-7"}) {
            Files.createFile(folder.resolve(name));
        }
        assertThat(NumberedFolder.entries(folder.toString()))
                .containsExactlyInAnyOrder(
                        IntStream.range(0, 1_500).map(i -> i * 37).toArray());
    }

    @Test
    void whatCannotBeListedHasNone() throws IOException {
        Path file = Files.createFile(folder.resolve("12"));
        assertThat(NumberedFolder.entries(file.toString())).isEmpty();
        assertThat(NumberedFolder.entries(folder.resolve("absent").toString())).isEmpty();
        assertThat(NumberedFolder.entries("/proc")).contains(Self.pid());
    }
}
