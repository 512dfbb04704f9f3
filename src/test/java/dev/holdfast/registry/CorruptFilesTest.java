package dev.holdfast.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.processes.Self;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is moved aside is what was read. */
class CorruptFilesTest {
    private static final String NAME = "server_1-00000000.json";

    @TempDir
    Path home;

    private String moved(FileStatus read) {
        try (InstancesFolder folder = InstancesFolder.open(home.toString())) {
            return new CorruptFiles(folder, Self.effectiveUser()).moveAside(NAME, read);
        }
    }

    private FileStatus write(String text) throws IOException {
        Path fresh = Files.writeString(home.resolve("fresh"), text);
        Files.move(fresh, home.resolve(NAME), StandardCopyOption.REPLACE_EXISTING);
        return FileStatus.ofName(home.resolve(NAME).toString()).orElseThrow();
    }

    @Test
    void eachGetsANameOfItsOwn() throws IOException {
        assertThat(moved(write("first"))).isEqualTo("corrupt/" + NAME);
        assertThat(moved(write("second"))).isEqualTo("corrupt/" + NAME + ".1");
        assertThat(home.resolve("corrupt/" + NAME)).hasContent("first");
        assertThat(home.resolve("corrupt/" + NAME + ".1")).hasContent("second");
    }

    /** The heartbeat of an instance puts a new file there in between. */
    @Test
    void fileThatWasWrittenAnewStays() throws IOException {
        FileStatus read = write("torn");
        Files.createLink(home.resolve("kept"), home.resolve(NAME)); // else its number may come again
        write("whole");
        assertThat(moved(read)).isEmpty();
        assertThat(home.resolve(NAME)).hasContent("whole");
        assertThat(home.resolve("corrupt")).isEmptyDirectory();
    }

    @Test
    void fileThatWasMovedWronglyComesBackUnlessThereIsANewerOne() throws IOException {
        Path corrupt = Files.createDirectory(home.resolve("corrupt"));
        try (InstancesFolder folder = InstancesFolder.open(home.toString())) {
            CorruptFiles files = new CorruptFiles(folder, Self.effectiveUser());
            Files.writeString(corrupt.resolve(NAME), "older");
            files.putBack("corrupt/" + NAME, NAME);
            assertThat(home.resolve(NAME)).hasContent("older");
            Files.writeString(corrupt.resolve(NAME), "oldest");
            files.putBack("corrupt/" + NAME, NAME);
            assertThat(home.resolve(NAME)).hasContent("older");
        }
        assertThat(corrupt).isEmptyDirectory();
    }
}
