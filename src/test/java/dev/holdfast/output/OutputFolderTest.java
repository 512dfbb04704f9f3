package dev.holdfast.output;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFolderTest {
    @TempDir
    Path folder;

    /** As of a home that cannot be written, to which a server in the background is none the less started. */
    @Test
    void folderThatCannotBeMadeIsToldWithWhatToDo() throws IOException {
        Path file = Files.createFile(folder.resolve("home"));
        String wanted = file.resolve("logs").toString();
        assertThatThrownBy(() -> OutputFolder.require(wanted))
                .isInstanceOf(OutputFileException.class)
                .hasMessage("cannot make the folder \"" + wanted + "\" for what the server prints: not a directory;"
                        + " say another one by --output FILE, or by HOLDFAST_HOME");
    }
}
