package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.lock.file.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFileTest {
    @TempDir
    Path folder;

    @Test
    void pidIsThereFromTheLockUntilItsRelease() throws IOException {
        Files.createFile(folder.resolve("one.json"));
        Path path = folder.resolve("one.pid");
        PidFile file = new PidFile(path.toString());
        file.reached(Step.ACQUIRE_INTERLOCKED);
        assertThat(path).doesNotExist();
        file.reached(Step.ACQUIRE_RECORDED);
        assertThat(path).hasContent(Long.toString(ProcessHandle.current().pid()));
        file.reached(Step.RUN_GONE);
        assertThat(path).exists();
        file.reached(Step.RELEASE_INTERLOCK_FREED);
        assertThat(path).doesNotExist();
        assertThat(folder.toFile().list()).containsExactly("one.json");
    }

    /** The start that it came from was killed, and a cleanup has found no server yet. */
    @Test
    void serverOfARemovedSessionIsNotStarted() {
        PidFile file = new PidFile(folder.resolve("one.pid").toString());
        assertThatThrownBy(() -> file.reached(Step.ACQUIRE_RECORDED))
                .isInstanceOf(PidFile.SessionGoneException.class)
                .hasMessageContaining("one.json");
        assertThat(folder).isEmptyDirectory();
    }
}
