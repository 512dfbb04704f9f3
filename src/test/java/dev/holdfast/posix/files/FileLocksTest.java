package dev.holdfast.posix.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The locks are of the open file description: shared by its duplicates, refused to others, freed with the last. */
class FileLocksTest {
    @TempDir
    Path folder;

    private String path = "";
    private int ours;
    private int other;

    @BeforeEach
    void open() throws IOException {
        path = Files.createFile(folder.resolve("file")).toString();
        ours = FileDescriptors.open(path, FileDescriptors.O_RDWR, 0);
        other = FileDescriptors.open(path, FileDescriptors.O_RDWR, 0);
    }

    @AfterEach
    void close() {
        FileDescriptors.close(ours);
        FileDescriptors.close(other);
    }

    @Test
    void bothLocksExcludeAnotherDescription() {
        assertThat(FileLocks.tryFlock(ours)).isTrue();
        assertThat(FileLocks.tryByteLock(ours, 0)).isTrue();
        assertThat(FileLocks.tryFlock(other)).isFalse();
        assertThat(FileLocks.tryByteLock(other, 0)).isFalse();
        assertThat(FileLocks.tryByteLock(other, 1)).as("the next byte").isTrue();
        assertThat(FileLocks.isByteLockedByOther(other, 0)).isTrue();
        assertThat(FileLocks.isByteLockedByOther(ours, 0)).isFalse();
        assertThat(FileLocks.isFlockedByOther(other)).isTrue();
    }

    @Test
    void closingAnotherDescriptorOfTheFileFreesNothing() throws IOException {
        assertThat(FileLocks.tryFlock(ours)).isTrue();
        assertThat(FileLocks.tryByteLock(ours, 0)).isTrue();
        FileDescriptors.close(FileDescriptors.open(path, FileDescriptors.O_RDONLY, 0));
        try (InputStream stream = Files.newInputStream(Path.of(path))) {
            assertThat(stream.read()).isNegative();
        }
        assertThat(FileLocks.isByteLockedByOther(other, 0)).isTrue();
        assertThat(FileLocks.isFlockedByOther(other)).isTrue();
    }

    @Test
    void duplicateHoldsOnUntilItIsClosedOrUnlocked() {
        assertThat(FileLocks.tryFlock(ours)).isTrue();
        assertThat(FileLocks.tryByteLock(ours, 0)).isTrue();
        int copy = FileDescriptors.duplicateAtOrAbove(ours, 50);
        assertThat(copy).isGreaterThanOrEqualTo(50);
        FileDescriptors.close(ours);
        assertThat(FileLocks.isByteLockedByOther(other, 0)).isTrue();
        assertThat(FileLocks.isFlockedByOther(other)).isTrue();
        FileLocks.unlockByte(copy, 0);
        FileLocks.unlockFlock(copy);
        assertThat(FileLocks.isByteLockedByOther(other, 0)).isFalse();
        assertThat(FileLocks.isFlockedByOther(other)).isFalse();
        ours = copy;
    }

    @Test
    void queriesKeepNothing() {
        int reading = FileDescriptors.open(path, FileDescriptors.O_RDONLY, 0);
        assertThat(FileLocks.isByteLockedByOther(reading, 0)).isFalse();
        assertThat(FileLocks.isFlockedByOther(reading)).isFalse();
        assertThat(FileLocks.tryFlock(ours)).isTrue();
        assertThat(FileLocks.tryByteLock(ours, 0)).isTrue();
        FileDescriptors.close(reading);
    }
}
